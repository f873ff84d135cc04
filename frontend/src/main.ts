import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'

import { mount } from 'svelte'

import App from './App.svelte'
import { listen } from './lib/events.svelte'
import { startRouter } from './lib/router.svelte'
import { startTheme } from './lib/theme.svelte'

startTheme()
startRouter()
listen()

const place = document.getElementById('studio')
if (place) mount(App, { target: place })
