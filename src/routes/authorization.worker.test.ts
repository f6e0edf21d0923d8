import { expect, it } from 'vitest'
import { describeKinds } from '../../test/support/workerd/authorization/suite.ts'
import { isOfSettings, TABLE } from '../../test/support/workerd/authorization/table.ts'
import { newWorld, type Place, PRINCIPALS, type Principal } from '../../test/support/workerd/authorization/world.ts'
import { app } from '../index.ts'

/** As the router knows them: middleware and the several handlers of one route aside. */
const mounted = [
  ...new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]
const lines = TABLE.flatMap((kind) => Object.entries(kind.routes).map(([route, line]) => ({ route, line, kind })))

it('every route that is mounted has one line in the table, and every line a route', () => {
  expect(lines.map(({ route }) => route).toSorted()).toEqual(mounted.toSorted())
})

describeKinds(TABLE.filter((kind) => !isOfSettings(kind)))

it('what happens in a conversation is told at once to whoever may see it, and to nobody else', async () => {
  const world = await newWorld()
  const heard: Principal[] = []
  const sockets: WebSocket[] = []
  for (const who of PRINCIPALS) {
    const { webSocket } = await world.ask(who, 'GET', '/rooms/workspace')
    if (!webSocket) continue
    webSocket.accept()
    webSocket.addEventListener('message', () => void heard.push(who))
    sockets.push(webSocket)
  }
  const tell = (place: Place, text: string) =>
    world.ask('owner', 'POST', `/conversations/${world.ids[place].conversation}/messages`, {
      fields: { text, clientKey: crypto.randomUUID() },
    })
  await tell('own', 'Olá, Suporte')
  const ofSuporte = ['admin', 'assigned', 'owner', 'sameDepartment', 'supervisorOwn']
  await expect.poll(() => heard.toSorted()).toEqual(ofSuporte)
  // A frame for others would have come by the time that the next one has.
  heard.length = 0
  await tell('otherDepartment', 'Olá, Financeiro')
  const ofFinanceiro = ['admin', 'otherDepartment', 'owner', 'supervisorOther']
  await expect.poll(() => heard.toSorted()).toEqual(ofFinanceiro)
  for (const socket of sockets) socket.close()
})
