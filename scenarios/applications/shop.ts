import type { ApplicationInput } from '../../simulator/domain/application.ts';

/**
 * A shop: people browse, search, look at products, fill carts, sign in, buy, and ask where their order is.
 *
 * Demands are the application's own (what its authors would measure). What is known of such shops was used: a password hash takes tens of
 * milliseconds of CPU by intention; card payments wait a few hundred for a third party; popularity is Zipf's law. Three products are
 * in the sale, with a stock that does not last; the rest never run out.
 *
 * Buying is one component that calls the others in an order that hurts least: put aside before the money is taken, and the order written
 * last. Whoever is charged and then cannot be given an order, or has one that the warehouse cannot take, gets the money back, and the stock
 * its unit: `refund` does that half a minute after a checkout has failed for good, or when the queue of `fulfil` gives up. It puts the unit
 * back first; from then on nothing late can be charged, ordered or shipped. The parts with effects are idempotent: they keep the action's
 * key, so that a client that tries again buys once.
 *
 * Simplified: a charge counts from when it is written down, a few milliseconds after the third party took the money; who loses the database
 * in between would find charges that stand nowhere.
 */
export const shop: ApplicationInput = {
  name: 'shop',
  description: 'Products, carts and orders; fulfilment, e-mail and recommendations behind queues.',
  users: { count: 200_000 },
  objects: { count: 20_000, zipf: 0.9 },
  components: {
    edge: { description: 'content delivery network in front of public pages', cache: true },
    auth: { description: 'checks a session token', cpu_ms: { kind: 'lognormal', p50: 3, p99: 9 }, response_kb: 1 },
    login: {
      description: 'checks a password against its slow hash',
      cpu_ms: { kind: 'lognormal', p50: 60, p99: 90 },
      memory_mb: 256,
      steps: [{ read: 'accounts', of: 'actor', consistent: true }],
    },
    catalogue: {
      description: 'renders lists of products',
      cpu_ms: { kind: 'lognormal', p50: 25, p99: 80 },
      memory_mb: 256,
      response_kb: 60,
      steps: [{ read: 'products', of: 'object', items: 12 }],
    },
    product: {
      description: 'renders one product, with what is left of it and what goes with it',
      cpu_ms: { kind: 'lognormal', p50: 18, p99: 60 },
      memory_mb: 256,
      response_kb: 40,
      steps: [
        {
          parallel: [
            { read: 'products', of: 'object' },
            { read: 'stock', of: 'object' },
          ],
        },
        { call: 'recommend', optional: true },
      ],
    },
    recommend: {
      description: 'ranks related products with a small model',
      cpu_ms: 2,
      gpu_ms: { kind: 'lognormal', p50: 4, p99: 8 },
      memory_mb: 1024,
      package_mb: 60,
      runtime: 'python3.13',
    },
    search: {
      description: 'finds products by words',
      cpu_ms: { kind: 'lognormal', p50: 45, p99: 160 },
      memory_mb: 512,
      response_kb: 40,
      steps: [{ read: 'search-index', of: 'object', items: 5 }],
    },
    cart: {
      description: 'keeps carts',
      cpu_ms: { kind: 'lognormal', p50: 6, p99: 18 },
      memory_mb: 256,
      steps: [
        { read: 'carts', of: 'actor', consistent: true },
        { write: 'carts', of: 'actor' },
      ],
    },
    'cart-view': {
      description: 'shows a cart with prices',
      cpu_ms: { kind: 'lognormal', p50: 12, p99: 35 },
      memory_mb: 256,
      steps: [{ read: 'carts', of: 'actor' }, { call: 'pricing' }],
    },
    pricing: {
      description: 'adds up prices, discounts, taxes and the way to the customer',
      cpu_ms: { kind: 'lognormal', p50: 5, p99: 15 },
      steps: [{ read: 'products', of: 'object' }],
    },
    fraud: {
      description: 'scores an order with a small model',
      cpu_ms: 3,
      gpu_ms: { kind: 'lognormal', p50: 3, p99: 6 },
      memory_mb: 1024,
      package_mb: 60,
      runtime: 'python3.13',
    },
    inventory: {
      description: 'puts one unit aside, if there is one',
      cpu_ms: { kind: 'lognormal', p50: 4, p99: 12 },
      memory_mb: 256,
      steps: [{ write: 'stock', of: 'object', take: 1, conditional: true, effect: 'stock-reserved' }],
    },
    payment: {
      description: 'charges a card through a third party',
      cpu_ms: { kind: 'lognormal', p50: 6, p99: 18 },
      io_ms: { kind: 'lognormal', p50: 250, p99: 900 },
      memory_mb: 256,
      error_rate: 0.001,
      steps: [{ write: 'payments', of: 'actor', effect: 'charged', unless: 'stock-released' }],
    },
    checkout: {
      description: 'buys: price, fraud score, stock, money, order',
      cpu_ms: { kind: 'lognormal', p50: 10, p99: 30 },
      memory_mb: 256,
      steps: [
        { parallel: [{ call: 'pricing' }, { call: 'fraud' }] },
        { call: 'inventory' },
        { call: 'payment' },
        { write: 'orders', of: 'actor', effect: 'order-accepted', unless: 'stock-released' },
        { publish: 'order-placed' },
      ],
    },
    orders: {
      description: 'says where an order is',
      cpu_ms: { kind: 'lognormal', p50: 8, p99: 25 },
      memory_mb: 256,
      steps: [{ read: 'orders', of: 'actor' }],
    },
    fulfil: {
      description: 'tells the warehouse',
      cpu_ms: { kind: 'lognormal', p50: 15, p99: 45 },
      io_ms: { kind: 'lognormal', p50: 120, p99: 600 },
      memory_mb: 256,
      error_rate: 0.002,
      steps: [{ write: 'shipments', of: 'actor', effect: 'order-fulfilled', unless: 'stock-released' }],
    },
    email: {
      description: 'confirms by e-mail',
      cpu_ms: { kind: 'lognormal', p50: 10, p99: 30 },
      io_ms: { kind: 'lognormal', p50: 80, p99: 500 },
      error_rate: 0.005,
      steps: [{ write: 'mails', of: 'actor', effect: 'e-mailed' }],
    },
    refund: {
      description: 'takes back what was bought and cannot be had: unit, order, money',
      cpu_ms: { kind: 'lognormal', p50: 6, p99: 18 },
      io_ms: { kind: 'lognormal', p50: 250, p99: 900 },
      memory_mb: 256,
      error_rate: 0.001,
      steps: [
        { write: 'stock', of: 'object', effect: 'stock-released', undoes: 'stock-reserved', unless: 'order-fulfilled' },
        { write: 'orders', of: 'actor', effect: 'order-cancelled', undoes: 'order-accepted' },
        { write: 'payments', of: 'actor', effect: 'refunded', undoes: 'charged' },
      ],
    },
    'recommend-update': {
      description: 'learns what goes with what',
      cpu_ms: 5,
      gpu_ms: { kind: 'lognormal', p50: 20, p99: 50 },
      memory_mb: 2048,
      package_mb: 200,
      runtime: 'python3.13',
      steps: [{ write: 'affinities', of: 'actor' }],
    },
  },
  events: {
    'order-placed': {
      description: 'an order was accepted',
      kb: 3,
      consumers: { fulfil: { on_failure: { publish: 'order-failed' } }, email: {}, 'recommend-update': {} },
    },
    'order-failed': { description: 'what was begun will not come to an order that is shipped', consumers: { refund: {} } },
  },
  datasets: {
    products: { description: 'what is for sale', shape: 'key-value', item_kb: 4, stored_gb: 1 },
    stock: {
      description: 'how many of each are left',
      shape: 'relational',
      item_kb: 0.2,
      stored_gb: 1,
      stock: { each: 1_000_000, hot_rows: 3, hot: 2000 },
    },
    accounts: { description: 'customers', shape: 'relational', item_kb: 1, stored_gb: 10 },
    orders: { description: 'orders by customer', shape: 'relational', item_kb: 2, stored_gb: 40 },
    payments: { description: 'charges by customer', shape: 'relational', item_kb: 1, stored_gb: 20 },
    'search-index': { description: 'words to products', shape: 'relational', item_kb: 2, stored_gb: 5 },
    carts: { description: 'carts by session', shape: 'key-value', item_kb: 1, stored_gb: 5 },
    shipments: { description: 'what the warehouse was told', shape: 'key-value', item_kb: 1, stored_gb: 20 },
    mails: { description: 'whom we wrote', shape: 'key-value', item_kb: 0.3, stored_gb: 5 },
    affinities: { description: 'what goes with what', shape: 'key-value', item_kb: 0.5, stored_gb: 5 },
  },
  operations: {
    browse: {
      description: 'a list of products; public, so the edge may keep it',
      response_kb: 60,
      steps: [{ cached: 'edge', of: 'object', ttl_s: 30, otherwise: [{ call: 'catalogue' }] }],
    },
    search: { description: 'products by words', response_kb: 40, steps: [{ call: 'search' }] },
    'view-product': {
      description: 'one product, seconds old at most',
      response_kb: 40,
      steps: [{ cached: 'edge', of: 'object', ttl_s: 2, otherwise: [{ call: 'product' }] }],
    },
    'add-to-cart': { description: 'one more', response_kb: 1, steps: [{ call: 'cart' }] },
    'view-cart': {
      description: 'what will be bought, and for how much',
      requires: 'add-to-cart',
      response_kb: 15,
      steps: [{ call: 'cart-view' }],
    },
    'sign-in': { description: 'a customer says who they are', response_kb: 2, steps: [{ call: 'login' }] },
    checkout: {
      description: 'buys; sold out is an answer',
      requires: 'sign-in',
      creates: 'order',
      timeout_ms: 8000,
      attempts: 3,
      response_kb: 3,
      on_failure: { publish: 'order-failed', after_s: 30, unless: 'order-accepted' },
      steps: [{ call: 'auth' }, { call: 'checkout' }],
    },
    'order-status': {
      description: 'where an order is',
      requires: 'sign-in',
      response_kb: 5,
      steps: [{ call: 'auth' }, { call: 'orders' }],
    },
  },
  entities: { order: { accepted: 'order-accepted', reserved: 'stock-reserved', charged: 'charged' } },
};
