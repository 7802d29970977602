import { expect, test } from '@jest/globals'
import { createPlaces } from '../../src/refine/locate.ts'
import { createTestRefinery } from '../kit/events.ts'
import { toMmdb } from '../kit/mmdb.ts'

const berlin = { country: { iso_code: 'DE' }, city: { names: { de: 'Berlin', en: 'Berlin' } } }
const database = toMmdb({
  '203.0.113.0/24': berlin,
  '198.51.100.0/25': { country: { iso_code: 'FR' } },
  '198.51.100.128/25': { registered_country: { iso_code: 'US' } },
  '2001:db8::/32': { country_code: 'JP', city: 'Tokyo' },
})

async function open(...databases: Buffer[]) {
  const places = createPlaces()
  await places.load(databases)
  return places.locate
}

test('an event has the country and the city of its whole address, which is shortened', async () => {
  const locate = await open(database)
  const { seal } = createTestRefinery({ locate })
  const place = (source_ip: string) => {
    const { country, city, source_ip: shown } = seal({ event_type: 'API_REQUEST', source_ip })
    return [country, city, shown]
  }
  expect(place('203.0.113.77')).toEqual(['DE', 'Berlin', '203.0.113.0'])
  expect(place('::ffff:203.0.113.77')).toEqual(['DE', 'Berlin', '203.0.113.0'])
  // Both are 198.51.100.0 when they are shortened.
  expect(place('198.51.100.9')).toEqual(['FR', undefined, '198.51.100.0'])
  expect(place('198.51.100.200')).toEqual(['US', undefined, '198.51.100.0'])
  expect(place('2001:db8:1:2::7')).toEqual(['JP', 'Tokyo', '2001:db8:1::'])
  expect(place('192.0.2.1')).toEqual([undefined, undefined, '192.0.2.0'])
})

test('what the app knows of the place stays', async () => {
  const { seal } = createTestRefinery({ locate: await open(database) })
  const event = seal({ event_type: 'API_REQUEST', source_ip: '203.0.113.7', country: 'AT', city: 'Wien' })
  expect([event.country, event.city]).toEqual(['AT', 'Wien'])
  const partly = (place: object) => {
    const { country, city } = seal({ event_type: 'API_REQUEST', source_ip: '203.0.113.7', ...place })
    return [country, city]
  }
  expect(partly({ city: 'Potsdam' })).toEqual(['DE', 'Potsdam'])
  expect(partly({ country: 'AT' })).toEqual(['AT', undefined])
  const toCountry = (country: string) => seal({ event_type: 'API_REQUEST', country }).country
  expect(['at', 'At', 'Narnia'].map(toCountry)).toEqual(['AT', 'AT', 'Narnia'])
})

test('a database of IPv4 beside one of IPv6 answers for its own addresses', async () => {
  const locate = await open(
    // 32.1.13.184 are the first bytes of 2001:db8::
    toMmdb({ '203.0.113.0/24': { country_code: 'DE' }, '32.1.13.0/24': { country_code: 'US' } }, 4),
    toMmdb({ '2001:db8::/32': { country_code: 'JP' } }),
  )
  expect([locate('203.0.113.7'), locate('2001:db8::1'), locate('2001:db9::1')]).toEqual([
    { country: 'DE' },
    { country: 'JP' },
    undefined,
  ])
})

test('before a database is there, and for what is no address, nothing is known', async () => {
  const places = createPlaces()
  expect(places.locate('203.0.113.7')).toBeUndefined()
  await places.load([database])
  for (const text of ['', 'x', '203.0.113', '203.0.113.7:80', '1'.repeat(100)]) {
    expect(places.locate(text)).toBeUndefined()
  }
})

test('what is no database is refused, and one that is cut short harms nobody', async () => {
  await expect(open(Buffer.from('no database at all'))).rejects.toThrow()
  const mark = database.lastIndexOf('MaxMind.com') - 3
  const cut = Buffer.concat([database.subarray(0, 4), database.subarray(mark)])
  const locate = await open(cut).catch(() => () => undefined)
  expect(() => locate('203.0.113.7')).not.toThrow()
})
