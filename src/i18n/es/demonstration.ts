import type { Demonstration } from '../pt-BR/demonstration.ts'

export const demonstration: Demonstration = {
  demonstration: {
    title: '¿Solo quiere mirar primero?',
    about:
      'La demostración llena este espacio con las conversaciones de una tienda inventada, para ver la lista, responder, transferir y finalizar. Nada sale de aquí: lo que responda no le llega a nadie.',
    mark: 'Los números y colegas llevan “(demo)” en el nombre, y todo se puede retirar de una vez. Solo se ofrece mientras el espacio no tiene números ni contactos.',
    load: 'Cargar la demostración',
    loadedTitle: 'La demostración está cargada',
    loaded: {
      one: '{n} conversación inventada, para responder, transferir y finalizar a gusto. Nada le llega a nadie.',
      other: '{n} conversaciones inventadas, para responder, transferir y finalizar a gusto. Nada le llega a nadie.',
    },
    look: 'Ver las conversaciones',
    remove: 'Retirar la demostración',
    removeAbout:
      'Se van los números, colegas, contactos y conversaciones de demostración, con lo que se escribió en ellos. Lo suyo queda.',
    removeConfirm:
      '¿Retirar la demostración? Sus números, colegas, contactos y conversaciones se borran, con lo que se escribió en ellos. Lo suyo queda.',
    notice: 'Demostración: lo que escriba aquí no le llega a nadie.',
    colleagues: { bruno: 'Bruno (demo)', carla: 'Carla (demo)' },
    inboxes: { whatsapp: 'WhatsApp (demo)', instagram: 'Instagram (demo)', telegram: 'Telegram (demo)' },
    tags: { quote: 'Presupuesto', urgent: 'Urgente', newcomer: 'Cliente nuevo', slip: 'Factura' },
    groups: { wholesale: 'Mayoristas' },
    reasons: { solved: 'Resuelto', sold: 'Venta concluida' },
    comments: {
      carlos: 'El cambio ya está autorizado. Falta que el transportista confirme la recogida.',
      pilar: 'Paga siempre a 28 días. Hablar con Sérgio.',
    },
    told: {
      mariana: ['¡Hola! ¿Hacen entregas en Campinas?', 'Quisiera saber el plazo para un sofá de 3 plazas'],
      rafael: [
        '¡Hola! ¿Me pasa el presupuesto de la mesa con 6 sillas?',
        '¡Hola, Rafael! La mesa Ipê con 6 sillas sale por *R$ 3.490*, hasta en 10 cuotas.',
        'Y el envío a su barrio es gratis 🚚',
        '¡Genial! La compro hoy si llega antes del sábado',
      ],
      juliana: ['Vi el jarrón azul en su historia 😍 ¿Todavía hay?'],
      carlos: [
        'Mi pedido llegó con una pieza rota',
        '¡Qué pena, Carlos, disculpe! ¿Cuál es el número del pedido?',
        'Es el 48213',
        '¡Gracias! Ya pedí el cambio: el transportista lo recoge mañana, entre las 9 y las 12.',
      ],
      helena: ['Helena otra vez 😊 ¿Llegaron los cojines color barro?'],
      helenaBefore: [
        '¡Hola! ¿La alfombra Areia está en 3x4?',
        '¡Hola, Helena! Sí, con entrega inmediata.',
        '¡Quiero una! ¿Me manda el enlace?',
        'Lo envié por aquí y a su correo. ¡Gracias por su compra!',
      ],
      patricia: [
        '¿Me puede reenviar el comprobante de pago?',
        '¡Claro, Patrícia! Este es el código:\n```34191.79001 01043.510047 91020.150008 8 99990000018990```',
        '¿También puedo pagar por transferencia?',
        '¡Sí! La clave es nuestro correo: financeiro@casaaurora.example',
      ],
      lucia: ['¡Hola! ¿El montaje está incluido en el precio?'],
      pilar: [
        '¡Hola! Necesitamos 40 lámparas para la obra de la calle Flores',
        '¡Hola, Sérgio! Tengo 32 en existencia, y las otras 8 llegan el martes. ¿Las reservo?',
        'Perfecto, resérvelas',
        'Reservadas 👍 La factura sale hoy mismo.',
      ],
      fernanda: [
        '¿El cupón PRIMERA10 vale para alfombras?',
        '¡Sí! Solo hay que ponerlo al final de la compra 😉',
        'Funcionó, gracias ❤️',
      ],
      otavio: [
        '¿Tienen tienda física?',
        '¡Sí! Calle Comércio, 120, de lunes a sábado.',
        '¿Quiere que le aparte alguna pieza para verla?',
      ],
      marcos: [
        '¿La garantía cubre la tela del sofá?',
        'La cubre por 12 meses, Marcos. También le envié las condiciones por correo.',
      ],
      andre: [
        'El rastreo no se mueve desde el viernes',
        '¡Hola, André! Hablé con el transportista: sale a reparto hoy, hasta las 18 h.',
        '¡Llegó! Gracias 🙌',
      ],
      sonia: [
        '¿Se puede cambiar el color del sillón antes del envío?',
        '¡Sin problema, Sônia! Lo cambié al verde oliva.',
        '¡Perfecto, gracias!',
      ],
    },
  },
}
