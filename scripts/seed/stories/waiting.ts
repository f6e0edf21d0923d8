import { agent, customer, file, type Story, said } from '../story.ts'

/** In no department yet: everyone who may use the number sees them. */
export const WAITING: Story[] = [
  {
    customer: 'Aline Cristina',
    inbox: 'demo-wa-1',
    ago: '1m',
    unread: 1,
    tags: ['Novo cliente'],
    lines: [customer('Oi! Vocês têm loja física em São Paulo?')],
  },
  {
    customer: 'Quem veio pelo anúncio',
    nameless: true,
    inbox: 'demo-wa-1',
    ago: '6m',
    unread: 2,
    lines: [customer('👋'), customer('oi, vim pelo anúncio da black friday, ainda tá valendo?')],
  },
  {
    customer: 'Bruno Tavares',
    inbox: 'demo-wa-2',
    ago: '14m',
    unread: 1,
    lines: [file('audio', null, { of: { voice: true } })],
  },
  {
    customer: 'Débora Linhares',
    inbox: 'demo-wa-1',
    ago: '33m',
    unread: 4,
    lines: [
      customer('Boa tarde!'),
      customer('Queria saber se o tapete Areia pode lavar na máquina'),
      customer('E se vocês têm em 2x3'),
      customer('Ah, e se entregam em Osasco 😅'),
    ],
  },
  {
    customer: 'Thaís Oliveira',
    inbox: 'demo-ig',
    ago: '47m',
    unread: 1,
    lines: [customer('oiii, preço do abajur do story? 🙏')],
  },
  {
    customer: 'Anderson Luz',
    inbox: 'demo-tg',
    ago: '1h',
    unread: 2,
    lines: [customer('/start'), customer('Quero falar com um atendente')],
  },
  {
    customer: 'Kelly Matos',
    inbox: 'demo-fb',
    ago: '2h',
    unread: 1,
    lines: [customer('Boa tarde, qual o horário de funcionamento no feriado?')],
  },
  {
    customer: 'Vitor Sampaio',
    inbox: 'demo-wa-1',
    assignee: 'ana',
    ago: '3h',
    lines: [
      customer('Oi, vocês compram móveis usados?'),
      agent('Oi, Vitor! Não compramos, mas na troca de um sofá damos R$ 300 pelo antigo 😊'),
      customer('Interessante! E como eu faço?'),
      agent('É só mandar duas fotos do seu por aqui.'),
      file('image', 'frente'),
      file('image', 'lado'),
      agent('Em ótimo estado! Fechado: R$ 300 de desconto em qualquer sofá da loja.', 'sent'),
    ],
  },
  {
    customer: 'Márcia Guedes',
    inbox: 'demo-wa-2',
    assignee: 'diego',
    ago: '5h',
    lines: [
      customer('Quem foi o rapaz que entregou aqui ontem? Queria elogiar!'),
      agent('Que bom ler isso, Márcia! Foi o Nivaldo. Vou repassar para ele agora 💛'),
      customer('Um amor! Carregou tudo até o 3º andar sem elevador'),
      said('contacts', {
        contacts: [{ name: 'Vizinha Rose', phones: [{ number: '+55 11 90000-0399', label: 'CELL' }] }],
      }),
      customer('Essa é minha vizinha, ela também quer comprar com vocês'),
      agent('Obrigado! Já já a gente chama a Rose 😊'),
    ],
  },
  {
    customer: 'Evandro Pires',
    inbox: 'demo-evo',
    ago: '6h',
    unread: 2,
    lines: [customer('bom dia'), customer('vcs fazem entrega no domingo?')],
  },
  {
    customer: 'Gabriela Neves',
    inbox: 'demo-wa-1',
    ago: '10h',
    unread: 1,
    lines: [
      said('unsupported', {
        unsupported: { type: 'poll', code: '131051', detail: 'Message type is currently not supported.' },
      }),
    ],
  },
  {
    customer: 'Hugo Bittencourt',
    inbox: 'demo-wa-2',
    ago: '13h',
    unread: 1,
    lines: [
      said('interactive', { choice: { title: 'Quero o catálogo', payload: 'quero-catalogo' } }, 'Quero o catálogo'),
    ],
  },
]
