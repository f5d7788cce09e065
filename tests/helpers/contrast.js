// Runs in the browser. Lists the texts whose contrast with what is behind them is below WCAG's level AA.
(() => {
  const parse = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const luminance = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const findBehind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.alpha === 1) return colour;
    }
    return parse('rgb(255, 255, 255)');
  };
  const weak = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .map(({ data }) => data.trim());
    if (text.join('') === '' || element.closest('script, .skip')) continue;
    const [one, other] = [parse(getComputedStyle(element).color), findBehind(element)].map(luminance);
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) weak.add(`${contrast.toFixed(2)}: ${text.join(' ').slice(0, 60)}`);
  }
  return [...weak];
})();
