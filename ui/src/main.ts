import { mount } from 'svelte';
import App from './App.svelte';
import './colours.css';
import './app.css';
import { locale } from './lib/say';
import { valet } from './lib/valet.svelte';

document.documentElement.lang = locale;
const target = document.getElementById('window');
if (target) mount(App, { target });
void valet.start();
