"use strict";
(() => {
  const order = new Intl.Collator("zh-CN", { numeric: true });
  const figure = (text) => {
    const number = parseFloat(text.replace(/[,，\s]/g, ""));
    return Number.isNaN(number) ? null : number;
  };
  const compare = (a, b, numeric) => {
    if (!numeric) return order.compare(a, b);
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return x - y;
  };
  for (const table of document.querySelectorAll("section > .scroll > table")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const numeric = head.classList.contains("n");
        const keyed = rows.map((row) => [row.cells[column].textContent, row]);
        keyed.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0], numeric));
        body.append(...keyed.map((pair) => pair[1]));
      });
    });
    if (rows.length < 10) continue;
    const tools = document.createElement("p");
    tools.className = "tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "筛选";
    input.setAttribute("aria-label", "筛选本表的行");
    const said = document.createElement("output");
    tools.append(input, said);
    table.parentElement.before(tools);
    let texts = null;
    let waiting = 0;
    const filter = () => {
      texts = texts || rows.map((row) => row.textContent.toLowerCase());
      const words = input.value.trim().toLowerCase().split(/\s+/);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += !row.hidden;
      });
      const whole = table.tFoot ? "；合计仍为全部行的合计" : "";
      said.textContent = shown < rows.length ? `显示 ${shown} / ${rows.length} 行${whole}` : "";
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 150);
    });
  }
})();
