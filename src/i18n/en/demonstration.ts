import type { Demonstration } from '../pt-BR/demonstration.ts'

export const demonstration: Demonstration = {
  demonstration: {
    title: 'Just want to look around first?',
    about:
      'The demonstration fills this workspace with the conversations of an invented shop, so that you can look at the list, answer, transfer and end. Nothing leaves: what you answer reaches nobody.',
    mark: 'Numbers and colleagues carry “(demo)” in their names, and all of it can be taken away at once. It is offered only while the workspace has no numbers and no contacts.',
    load: 'Load the demonstration',
    loadedTitle: 'The demonstration is loaded',
    loaded: {
      one: '{n} invented conversation, to answer, transfer and end as you like. Nothing reaches anybody.',
      other: '{n} invented conversations, to answer, transfer and end as you like. Nothing reaches anybody.',
    },
    look: 'See the conversations',
    remove: 'Take the demonstration away',
    removeAbout:
      'The numbers, colleagues, contacts and conversations of the demonstration go, with whatever was written in them. What is yours stays.',
    removeConfirm:
      'Take the demonstration away? Its numbers, colleagues, contacts and conversations are deleted, with whatever was written in them. What is yours stays.',
    notice: 'Demonstration: what you write here reaches nobody.',
    colleagues: { bruno: 'Bruno (demo)', carla: 'Carla (demo)' },
    inboxes: { whatsapp: 'WhatsApp (demo)', instagram: 'Instagram (demo)', telegram: 'Telegram (demo)' },
    tags: { quote: 'Quote', urgent: 'Urgent', newcomer: 'New customer', slip: 'Invoice' },
    groups: { wholesale: 'Wholesale' },
    reasons: { solved: 'Solved', sold: 'Sold' },
    comments: {
      carlos: 'The exchange is approved. The carrier still has to confirm the pick-up.',
      pilar: 'Always pays within 28 days. Ask for Sérgio.',
    },
    told: {
      mariana: ['Hi! Do you deliver to Campinas?', 'I would like to know how long a three-seat sofa takes'],
      rafael: [
        'Hi! Could you quote the table with 6 chairs?',
        'Hi, Rafael! The Ipê table with 6 chairs is *R$ 3,490*, in up to 10 instalments.',
        'And delivery to your street is free 🚚',
        'Great! I will take it today if it arrives by Saturday',
      ],
      juliana: ['I saw the blue vase in your story 😍 Do you still have it?'],
      carlos: [
        'My order arrived with a broken piece',
        'Oh no, Carlos, I am sorry! What is the order number?',
        'It is 48213',
        'Thank you! The exchange is on its way: the carrier picks it up tomorrow, between 9 and 12.',
      ],
      helena: ['Helena again 😊 Have the clay-coloured cushions arrived?'],
      helenaBefore: [
        'Hi! Do you have the Areia rug in 3x4?',
        'Hi, Helena! We do, ready to ship.',
        'I want one! Can you send me the link?',
        'I sent it here and to your e-mail. Thank you for your purchase!',
      ],
      patricia: [
        'Could you send the payment slip again?',
        'Of course, Patrícia! Here is its number:\n```34191.79001 01043.510047 91020.150008 8 99990000018990```',
        'Can I pay by bank transfer as well?',
        'You can! Our key is our e-mail: financeiro@casaaurora.example',
      ],
      lucia: ['Hi! Is assembly included in the price?'],
      pilar: [
        'Hello! We need 40 lamps for the site on Flores street',
        'Hello, Sérgio! I have 32 in stock, and the other 8 arrive on Tuesday. Shall I reserve them?',
        'Perfect, please do',
        'Reserved 👍 The invoice goes out today.',
      ],
      fernanda: [
        'Does the coupon FIRST10 work for rugs?',
        'It does! Just enter it at the end of the purchase 😉',
        'It worked, thank you ❤️',
      ],
      otavio: [
        'Do you have a shop I can visit?',
        'We do! 120 Comércio street, Monday to Saturday.',
        'Shall I put something aside for you to see?',
      ],
      marcos: [
        'Does the warranty cover the fabric of the sofa?',
        'It does, for 12 months, Marcos. I sent the terms to your e-mail as well.',
      ],
      andre: [
        'The tracking has not moved since Friday',
        'Hi, André! I talked to the carrier: it is out for delivery today, until 6 pm.',
        'It is here! Thanks 🙌',
      ],
      sonia: [
        'Can I change the colour of the armchair before it ships?',
        'No problem, Sônia! I changed it to olive green.',
        'Perfect, thank you!',
      ],
    },
  },
}
