/** The rest of the table, in a file of its own so that the two run side by side. */
import { describeKinds } from '../../test/support/workerd/authorization/suite.ts'
import { isOfSettings, TABLE } from '../../test/support/workerd/authorization/table.ts'

describeKinds(TABLE.filter(isOfSettings))
