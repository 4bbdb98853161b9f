// The customer's pages (/p/…): submit a request, follow it by number and secret, agree, rate.
import { createApp, h } from 'vue'
import '@/shared/styles/tokens.css'

createApp({ render: () => h('main') }).mount('#portal')
