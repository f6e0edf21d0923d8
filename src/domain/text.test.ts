import { expect, it } from 'vitest'
import { foldedKey } from './text.ts'

it.each([
  ['São  Paulo', 'sao paulo'],
  ['AÇÃO', 'acao'],
  ['Ana-Maria', 'ana - maria'],
  ['🌸Flor🌸', '🌸 flor 🌸'],
  ['ﬁlho', 'filho'],
  ['Ｍａｒｉａ', 'maria'],
  ['  ', ''],
  ['C++', 'c ++'],
])('%j and its spellings are known as %j', (text, key) => {
  expect(foldedKey(text)).toBe(key)
  expect(foldedKey(key)).toBe(key)
})
