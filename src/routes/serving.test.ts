import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodedName, partAsked } from './serving.ts'

const asked = (range?: string, ifRange?: string) => partAsked(range, ifRange, '"f1"', 1_000)

describe('a part of a file', () => {
  it.each([
    [undefined, null],
    ['bytes=0-', { offset: 0, length: 1_000 }],
    ['bytes=0-0', { offset: 0, length: 1 }],
    ['bytes=500-5000', { offset: 500, length: 500 }],
    ['bytes=-100', { offset: 900, length: 100 }],
    ['bytes=-5000', { offset: 0, length: 1_000 }],
    ['bytes=1000-', 'none of it'],
    ['bytes=-0', 'none of it'],
    ['bytes=9-5', null],
    ['bytes=0-1,5-9', null],
    ['lines=0-1', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
  ])('%s', (range, part) => {
    expect(asked(range)).toEqual(part)
  })

  it('is the whole where it has become another file', () => {
    expect(asked('bytes=0-0', '"f1"')).toEqual({ offset: 0, length: 1 })
    expect(asked('bytes=0-0', '"f0"')).toBeNull()
  })
})

describe('the name of a download', () => {
  it.each([
    ['nota fiscal.pdf', 'nota%20fiscal.pdf'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ["a'b(c)*.png", 'a%27b%28c%29_.png'],
    ['"><script>.html', '___script_.html'],
    ['\u202egnp.exe', 'gnp.exe'],
  ])('%j', (name, encoded) => {
    expect(encodedName(name)).toBe(encoded)
  })

  it('never ends the header that it stands in, nor names a folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(encodedName(name)).toMatch(/^[A-Za-z0-9_.!~%-]+$/)
        expect(decodeURIComponent(encodedName(name))).not.toMatch(/[\\/:"\n\r]|^\./)
      }),
      { numRuns: 2_000 },
    )
  })
})
