/** How far apart countries are, from about the middle of each: enough to tell a journey from a second pair of hands. */

/** ISO 3166 code, latitude and longitude in whole degrees. */
const MIDDLES =
  'AD42,2 AE24,54 AF34,66 AG17,-62 AI18,-63 AL41,20 AM40,45 AO-12,18 AR-34,-64 AS-14,-170 AT47,14 AU-25,134 ' +
  'AW13,-70 AX60,20 AZ40,48 BA44,18 BB13,-60 BD24,90 BE51,5 BF12,-2 BG43,25 BH26,51 BI-3,30 BJ9,2 BL18,-63 BM32,-65 ' +
  'BN5,115 BO-17,-65 BQ12,-68 BR-10,-53 BS24,-76 BT27,90 BW-22,24 BY53,28 BZ17,-89 CA57,-100 CC-12,97 CD-3,24 ' +
  'CF7,21 CG-1,16 CH47,8 CI8,-6 CK-21,-160 CL-33,-71 CM6,13 CN35,104 CO4,-73 CR10,-84 CU22,-79 CV15,-24 CW12,-69 ' +
  'CX-11,106 CY35,33 CZ50,15 DE51,10 DJ12,43 DK56,10 DM15,-61 DO19,-70 DZ28,3 EC-1,-78 EE59,26 EG27,30 EH25,-13 ' +
  'ER15,39 ES40,-4 ET8,39 FI63,26 FJ-18,178 FK-52,-60 FM7,158 FO62,-7 FR47,2 GA-1,12 GB54,-2 GD12,-62 GE42,44 ' +
  'GF4,-53 GG49,-3 GH8,-1 GI36,-5 GL68,-42 GM13,-15 GN11,-11 GP16,-62 GQ2,10 GR39,22 GT15,-90 GU13,145 GW12,-15 ' +
  'GY5,-59 HK22,114 HN15,-87 HR45,16 HT19,-73 HU47,20 ID-3,115 IE53,-8 IL31,35 IM54,-5 IN22,79 IO-7,72 IQ33,44 ' +
  'IR32,54 IS65,-19 IT43,12 JE49,-2 JM18,-77 JO31,36 JP37,138 KE0,38 KG41,75 KH13,105 KI1,173 KM-12,44 KN17,-63 ' +
  'KP40,127 KR36,128 KW29,48 KY19,-81 KZ48,67 LA18,104 LB34,36 LC14,-61 LI47,10 LK8,81 LR6,-9 LS-30,28 LT55,24 ' +
  'LU50,6 LV57,25 LY27,17 MA32,-6 MC44,7 MD47,29 ME43,19 MF18,-63 MG-19,47 MH7,171 MK42,22 ML17,-4 MM21,96 MN47,104 ' +
  'MO22,114 MP15,146 MQ15,-61 MR20,-10 MS17,-62 MT36,14 MU-20,58 MV3,73 MW-13,34 MX24,-102 MY4,110 MZ-18,35 ' +
  'NA-22,17 NC-21,165 NE17,8 NF-29,168 NG10,8 NI13,-85 NL52,5 NO64,12 NP28,84 NR-1,167 NU-19,-170 NZ-41,173 OM21,56 ' +
  'PA9,-80 PE-9,-75 PF-18,-149 PG-6,145 PH12,122 PK30,70 PL52,19 PM47,-56 PN-24,-128 PR18,-66 PS32,35 PT40,-8 ' +
  'PW7,134 PY-23,-58 QA25,51 RE-21,56 RO46,25 RS44,21 RU58,60 RW-2,30 SA24,45 SB-9,160 SC-5,55 SD15,30 SE62,16 ' +
  'SG1,104 SH-16,-6 SI46,15 SK49,19 SL8,-12 SM44,12 SN14,-14 SO6,46 SR4,-56 SS7,30 ST0,7 SV14,-89 SX18,-63 SY35,38 ' +
  'SZ-27,31 TC22,-72 TD15,19 TG8,1 TH15,101 TJ39,71 TK-9,-172 TL-9,126 TM39,60 TN34,9 TO-20,-175 TR39,35 TT10,-61 ' +
  'TV-8,178 TW24,121 TZ-6,35 UA49,31 UG1,32 US39,-98 UY-33,-56 UZ41,64 VA42,12 VC13,-61 VE7,-66 VG18,-65 VI18,-65 ' +
  'VN16,107 VU-16,167 WF-13,-176 WS-14,-172 XK43,21 YE16,48 YT-13,45 ZA-29,25 ZM-14,28 ZW-19,30 '

const PLACES: ReadonlyMap<string, readonly [number, number]> = new Map(
  MIDDLES.trim()
    .split(' ')
    .map((place) => [place.slice(0, 2), toPoint(place.slice(2))] as const),
)

function toPoint(text: string): readonly [number, number] {
  const [latitude = 0, longitude = 0] = text.split(',').map((degrees) => (Number(degrees) * Math.PI) / 180)
  return [latitude, longitude]
}

const EARTH_KM = 6_371
/** From the middle of a country to its border and beyond: neighbours are no distance apart. */
const SLACK_KM = 1_500

/** Kilometres that somebody has surely travelled from one to the other; 0 for neighbours and for what is no country. */
export function toKm(from: string, to: string): number {
  const [a, b] = [PLACES.get(from), PLACES.get(to)]
  if (!a || !b || from === to) return 0
  const half = (angle: number): number => Math.sin(angle / 2) ** 2
  const haversine = half(b[0] - a[0]) + Math.cos(a[0]) * Math.cos(b[0]) * half(b[1] - a[1])
  return Math.max(0, 2 * EARTH_KM * Math.asin(Math.sqrt(haversine)) - SLACK_KM)
}
