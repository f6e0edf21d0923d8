/** What a password must be: long enough, and none of those that are tried first. */

export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 256

/** Why a password cannot be chosen; null: it can. */
export function whyNotPassword(password: string): 'password' | 'common' | null {
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD) return 'password'
  const plain = password.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return COMMON.has(plain) || isOneUnit(plain) || isOneRun(plain) ? 'common' : null
}

/** `abcabcabcabc`, `aaaaaaaaaaaa`: a few letters said over and over. */
function isOneUnit(text: string): boolean {
  for (let unit = 1; unit <= 4; unit += 1) if ([...text].every((char, at, all) => char === all[at % unit])) return true
  return false
}

/** `123456789012`, `abcdefghijkl`, and backwards: each letter the neighbour of the one before. */
function isOneRun(text: string): boolean {
  const steps = [...text].slice(1).map((char, at) => (char.charCodeAt(0) - text.charCodeAt(at) + 10) % 10)
  return steps.every((step) => step === 1) || steps.every((step) => step === 9)
}

/** Of the lists of leaked passwords, what is long enough to be chosen here; the languages of the interface and its keyboards. */
const COMMON = new Set(
  `1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv qazwsxedcrfvtgb
  qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopas qwertyuiopasd qwertyuiopasdf qwertyuiopasdfgh qwerty123456 qwerty1234567
  qwerty12345678 qwerty123456789 qwertyqwerty asdfghjkl123 asdfghjklzxc asdfghjklzxcvbnm asdfghjklpoiuytrewq zxcvbnm12345 zxcvbnm123456
  zxcvbnmasdfghjkl poiuytrewq123 mnbvcxzlkjhgfdsa 1234qwer1234 qwer1234qwer abcd1234abcd abc123abc123 abc123456789 abcdef123456
  abcdefg12345 abcdefgh1234 a1b2c3d4e5f6 aa1234567890 123456qwerty 123456789abc 123456789qwe 1234567890qw 123456789asd 12345qwert12345
  112233445566 111222333444 121212121212 123123123123 123321123321 123456654321 147258369147 159753159753 102030405060 010203040506
  098765432100 987654321000 password1234 password12345 password123456 password1234567 passwordpassword passw0rd1234 passw0rd12345
  p4ssw0rd1234 mypassword12 mypassword123 newpassword1 newpassword123 yourpassword thispassword letmein12345 letmein123456 letmeinletmein
  welcome12345 welcome123456 welcomewelcome changeme1234 changeme12345 changemenow1 changeit1234 iloveyou1234 iloveyou12345 iloveyou123456
  iloveyouiloveyou ilovemyself1 administrator administrator1 administrador administrador1 adminadmin12 adminadmin123 admin1234567
  admin12345678 admin123456789 administrator123 administrador123 superman1234 batman123456 pokemon12345 dragon123456 monkey123456
  sunshine1234 princess1234 football1234 baseball1234 basketball12 basketball123 liverpool123 manchester12 chelsea12345 trustno1trustno1
  internet1234 computer1234 samsung12345 facebook1234 whatsapp1234 whatsapp12345 instagram123 instagram1234 telegram1234
  senhasenha12 senhasenha123 senhasenhasenha minhasenha12 minhasenha123 minhasenha1234 novasenha123 novasenha1234 senha1234567 senha12345678
  senha123456789 senhaforte12 senhaforte123 senhasegura1 senhasegura123 mudar1234567 mudar12345678 mudarsenha12 mudarsenha123 trocarsenha1
  trocarsenha123 brasil123456 brasil1234567 brasilbrasil flamengo1234 flamengo12345 corinthians1 corinthians12 corinthians123 palmeiras123
  palmeiras1234 saopaulo1234 saopaulo12345 gremio123456 cruzeiro1234 vascodagama1 vascodagama123 botafogo1234 fluminense12 fluminense123
  teamo1234567 teamo12345678 euteamo12345 euteamo123456 meuamor12345 deusefiel123 deusefiel1234 jesuscristo1 jesuscristo123 jesus1234567
  familia12345 familia123456 felicidade12 felicidade123 empresa12345 empresa123456 empresa2025a contrasena12 contrasena123 contrasena1234
  micontrasena micontrasena1 contrasenia123 clave1234567 clave12345678 teamomucho12 teamomucho123 tequiero1234 tequieromucho mexico123456
  argentina123 argentina1234 colombia1234 barcelona123 barcelona1234 realmadrid12 realmadrid123 bocajuniors1 bocajuniors123 riverplate12
  riverplate123 correcthorsebatterystaple thequickbrownfox tobeornottobe abracadabra1 abracadabra123 secretsecret secreto12345 supersecret1
  supersecret123 topsecret123 topsecret1234 testtesttest test12345678 test123456789 teste1234567 teste12345678 testando1234 qualquercoisa
  naoseiasenha esqueciasenha esqueciminhasenha lembrardasenha`.split(/\s+/),
)
