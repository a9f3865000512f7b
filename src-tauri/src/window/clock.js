// Only in builds for tests: the page's clock stands still until a test moves it.
{
  let now = 0;
  performance.now = () => now;
  globalThis.moveClock = (milliseconds) => (now += milliseconds);
}
