import { agent, customer, type Story } from '../story.ts'

/** The second workspace: a small studio that must never meet the first. */
export const EVA: Story[] = [
  {
    customer: 'Regina Sá',
    inbox: 'demo-eva',
    ago: '20m',
    unread: 1,
    lines: [customer('Eva, o vestido da formatura fica pronto até sexta?')],
  },
  {
    customer: 'Marlene Dutra',
    inbox: 'demo-eva',
    assignee: 'eva',
    ago: '3h',
    comments: [{ by: 'eva', text: 'Medidas no caderno azul, página 12.' }],
    lines: [
      customer('Oi, Eva! Posso passar para a segunda prova amanhã?'),
      agent('Oi, Marlene! Pode, às 15h está livre.'),
      customer('Combinado, levo o sapato'),
    ],
  },
  {
    customer: 'Mariana Souza',
    inbox: 'demo-eva',
    assignee: 'eva',
    ago: '2d',
    closed: { by: 'eva', reason: 'Entregue' },
    lines: [customer('Oi, Eva, busquei a saia, ficou perfeita!'), agent('Que alegria, Mariana! Volte sempre 🧵')],
  },
]
