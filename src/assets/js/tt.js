/** Lets htmx write HTML under Trusted Types, and makes sure that nothing on this page is ever evaluated as code. */
htmx.registerExtension('tt', {
  init(api) {
    const deny = () => {
      throw new Error('evaluation is disabled')
    }
    const policy = window.trustedTypes?.createPolicy('htmx', {
      createHTML: (/** @type {string} */ html) => html,
      createScript: () => '',
    })
    api.initSecurity(policy, deny, deny)
  },
})

// What only works with this script is hidden until it runs.
document.documentElement.dataset.script = ''
