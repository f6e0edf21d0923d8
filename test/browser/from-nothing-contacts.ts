/** A list of customers as shops have them: 5,000 lines, most of them good. */

const LINES = 5_000
/** Of each hundred lines: one that repeats the one before, one without a number, one whose number is none. */
const EACH = 100
/** A mobile's number as it was before the ninth digit, and as it is since: one person. */
const OLD = 50

/** With the byte order mark, the semicolons and the line ends of a spreadsheet in Brazil. */
export function contactsFile(): { bytes: Buffer; people: number; refused: number } {
  const lines = Array.from({ length: LINES }, (_, at) => lineAt(at))
  const refused = lines.filter(({ good }) => !good).length
  const text = ['Nome;Telefone;Etiquetas;Observação', ...lines.map(({ line }) => line)].join('\r\n')
  return { bytes: Buffer.from(`\ufeff${text}\r\n`), people: LINES - refused, refused }
}

function lineAt(at: number): { line: string; good: boolean } {
  const name = `Ângela da Conceição ${at}`
  switch (at % EACH) {
    case 1:
      return { line: `${name};${oldNumber(at - 1)};;de novo`, good: false }
    case 2:
      return { line: `${name};;;sem número`, good: false }
    case 3:
      return { line: `"${name}";(10) 91234-5678;;um DDD que não existe`, good: false }
    case OLD:
      return { line: `${name};${oldNumber(at)};"Freguês, Antigo";=1+1`, good: true }
    default:
      return { line: `${name};+55 (31) 9${digits(at)};Freguês;`, good: true }
  }
}

const digits = (at: number) => `8${String(1_000_000 + at)}`
const oldNumber = (at: number) => `31 ${digits(at).slice(0, 4)}-${digits(at).slice(4)}`
