/** Our name, its o a speech bubble. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg class="wordmark-sign" viewBox="0 0 32 32" aria-hidden="true">
        <path
          class="wordmark-bubble"
          d="M16 3C8.3 3 2 8.6 2 15.6c0 3.7 1.8 7 4.6 9.3L5.4 29c-.2.8.6 1.4 1.3 1l5-2.6c1.4.4 2.8.6 4.3.6 7.7 0 14-5.6 14-12.5S23.7 3 16 3Z"
        />
        <circle class="wordmark-dot" cx="10.5" cy="15.6" r="1.9" />
        <circle class="wordmark-dot" cx="16" cy="15.6" r="1.9" />
        <circle class="wordmark-dot" cx="21.5" cy="15.6" r="1.9" />
      </svg>
      <span class="wordmark-name">prosa</span>
    </span>
  )
}
