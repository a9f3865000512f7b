import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { valet } from './lib/valet.svelte';

const target = document.getElementById('window');
if (target) mount(App, { target });
void valet.start();
