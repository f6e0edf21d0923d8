/** How often a property is tried: a share of it each time, all of it in `npm run soak`. */
export const runs = (many: number): number => (process.env['PROSA_BUDGET_MS'] ? many : Math.ceil(many / 6))
