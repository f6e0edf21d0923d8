/** The templates that each account has from the first day: every shape that there is. */
import * as z from 'zod'

const upper = z.string().transform((text) => text.toUpperCase())

export const TemplateComponent = z.object({
  type: upper.pipe(z.enum(['HEADER', 'BODY', 'FOOTER', 'BUTTONS'])),
  format: upper.pipe(z.enum(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'])).optional(),
  text: z.string().max(1024).optional(),
  example: z.unknown().optional(),
  buttons: z
    .array(
      z.object({
        type: upper.pipe(z.enum(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'FLOW'])),
        text: z.string().min(1).max(25),
        url: z.string().optional(),
        phone_number: z.string().optional(),
      }),
    )
    .max(10)
    .optional(),
})

export interface Template {
  id: string
  name: string
  language: string
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'
  status: 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED'
  parameter_format: 'POSITIONAL' | 'NAMED'
  components: z.infer<typeof TemplateComponent>[]
}

type Of = Pick<Template, 'name' | 'components'> & Partial<Template>

let made = 1_689_556_908_129_831
const template = (of: Of): Template => {
  made += 1
  return {
    id: String(made),
    language: 'pt_BR',
    category: 'UTILITY',
    status: 'APPROVED',
    parameter_format: 'POSITIONAL',
    ...of,
  }
}

export const KNOWN: readonly Template[] = [
  template({
    name: 'pedido_pronto',
    components: [
      {
        type: 'BODY',
        text: 'Olá, {{1}}! O pedido {{2}} está pronto para retirada.',
        example: { body_text: [['Ana', '1042']] },
      },
      { type: 'FOOTER', text: 'Responda para falar com a gente' },
    ],
  }),
  template({
    name: 'promocao_inverno',
    category: 'MARKETING',
    parameter_format: 'NAMED',
    components: [
      { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/inverno.jpg'] } },
      {
        type: 'BODY',
        text: 'Oi, {{nome}}! Até {{data}} os vasos estão com {{desconto}} de desconto.',
        example: {
          body_text_named_params: [
            { param_name: 'nome', example: 'Ana' },
            { param_name: 'data', example: 'sexta' },
            { param_name: 'desconto', example: '10%' },
          ],
        },
      },
      { type: 'FOOTER', text: 'Enquanto durar o estoque' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Quero saber mais' },
          { type: 'QUICK_REPLY', text: 'Parar promoções' },
          { type: 'URL', text: 'Ver na loja', url: 'https://loja.example/{{1}}' },
        ],
      },
    ],
  }),
  template({
    name: 'boas_vindas',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Que bom ver você, {{1}}', example: { header_text: ['Ana'] } },
      { type: 'BODY', text: 'Como podemos ajudar hoje?' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Fazer um pedido' },
          { type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+551140000001' },
        ],
      },
    ],
  }),
  template({
    name: 'nota_fiscal',
    components: [
      { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['https://scontent.example/nota.pdf'] } },
      { type: 'BODY', text: 'Segue a nota fiscal do pedido {{1}}.', example: { body_text: [['1042']] } },
    ],
  }),
  template({
    name: 'cupom',
    category: 'MARKETING',
    components: [
      { type: 'BODY', text: 'Seu cupom chegou!' },
      { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copiar código' }] },
    ],
  }),
  template({ name: 'retomar_conversa', components: [{ type: 'BODY', text: 'Podemos continuar a nossa conversa?' }] }),
  template({
    name: 'order_ready',
    language: 'en_US',
    components: [{ type: 'BODY', text: 'Hi {{1}}, your order is ready.', example: { body_text: [['Ana']] } }],
  }),
  template({ name: 'aviso_pausado', status: 'PAUSED', components: [{ type: 'BODY', text: 'Modelo pausado.' }] }),
  template({ name: 'em_analise', status: 'PENDING', components: [{ type: 'BODY', text: 'Modelo em análise.' }] }),
  template({
    name: 'recusado',
    status: 'REJECTED',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'Modelo recusado {{1}}{{2}}.' }],
  }),
]
