import { expect, it } from 'vitest'
import { Door } from './door.ts'

/** Goes through until nobody wants it to. */
async function goThrough(door: Door, gone: number[]): Promise<void> {
  while (gone.length < 6) {
    await door.through()
    gone.push(gone.length)
    door.passed(10)
  }
}

it('nothing goes through before it is opened, and each time so much as was said', async () => {
  const door = new Door()
  const gone: number[] = []
  const all = goThrough(door, gone)
  await Promise.resolve()
  expect(gone).toEqual([])
  await door.open(15)
  expect(gone).toHaveLength(2)
  await door.open(1)
  expect(gone).toHaveLength(3)
  await door.open(30)
  expect(gone).toHaveLength(6)
  await all
})
