/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import { describePages } from '../../test/support/pages.tsx'
import type { ErrorCode } from '../domain/errors.ts'
import { InvitationOverPage, JoinPage } from './invitation.tsx'
import { ResetOverPage, ResetPage } from './password-reset.tsx'
import { SecondStepPage } from './second-step.tsx'
import { SetupPage } from './setup.tsx'
import { SignInPage } from './sign-in.tsx'
import { ana, i18n } from './test-cast.ts'
import { BeginPage, ConfirmPage, OnPage, RecoveryCodesPage } from './two-factor.tsx'

const OTP_URI = 'otpauth://totp/Prosa:ana%40prosa.test?secret=JBSWY3DPEHPK3PXP&issuer=Prosa&digits=6&period=30'

describePages({
  'sign-in': <SignInPage i18n={i18n} email="" next="/conversations" />,
  setup: (
    <SetupPage
      i18n={i18n}
      open
      timeZones={['America/Sao_Paulo']}
      given={{}}
      problems={{ code: 'O código não confere.' }}
    />
  ),
  join: (
    <JoinPage
      i18n={i18n}
      token="0f"
      offered={{ id: 'i0', workspace_id: 'w', workspace_name: 'Padaria', role: 'agent', invited_by: 'Ana' }}
      given={{ name: 'Nina' }}
      problems={{ email: 'Confira o e-mail.' }}
    />
  ),
  invitationOver: <InvitationOverPage i18n={i18n} />,
  'second step': <SecondStepPage i18n={i18n} next="/conversations" problem={{ code: 'unauthenticated' }} />,
  'two-factor off': <BeginPage i18n={i18n} viewer={ana} wrong />,
  'two-factor begun': <ConfirmPage i18n={i18n} viewer={ana} uri={OTP_URI} setup="x.y" wrong />,
  'two-factor on': <OnPage i18n={i18n} viewer={ana} left={1} wrong="codes" />,
  'recovery codes': <RecoveryCodesPage i18n={i18n} viewer={ana} codes={['aB3dE-fG5hJ', 'kL7mN-pQ9rS']} />,
  'a new password': (
    <ResetPage i18n={i18n} token="0f" email="ana@prosa.test" problem="A senha precisa ter de 12 a 256 caracteres." />
  ),
  'a link that is over': <ResetOverPage i18n={i18n} />,
})

describe('signing in', () => {
  it('says the same whatever was wrong', () => {
    const told = (['unauthenticated', 'not_found', 'forbidden', 'invalid'] as ErrorCode[]).map((code) =>
      String(<SignInPage i18n={i18n} email="a@b.c" next="/" problem={{ code }} />),
    )
    expect(new Set(told).size).toBe(1)
    expect(told[0]).toContain('E-mail ou senha incorretos')
  })

  it('says when it was tried too often', () => {
    const html = String(
      <SignInPage i18n={i18n} email="" next="/" problem={{ code: 'too_many_requests', details: { retryAfter: 90 } }} />,
    )
    expect(html).toContain('90 segundos')
  })
})
