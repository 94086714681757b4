/* The step player. One page may hold several; everything they show is in the page already.
   Without this file the steps stand in order, which is also how they print. */
(function () {
  "use strict";

  function players() {
    return Array.prototype.slice.call(document.querySelectorAll(".dg-player"));
  }

  function steps(player) {
    return Array.prototype.slice.call(player.querySelectorAll(".dg-step"));
  }

  function readHash() {
    var state = {};
    location.hash.slice(1).split("&").forEach(function (pair) {
      var at = pair.indexOf("=");
      if (at > 0) state[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1));
    });
    return state;
  }

  function writeHash(player) {
    var state = player.dg;
    var hash = "#step=" + state.step;
    if (state.view !== state.firstView) hash += "&view=" + encodeURIComponent(state.view);
    if (state.driver !== state.firstDriver) hash += "&driver=" + encodeURIComponent(state.driver);
    if (players().length > 1) hash += "&player=" + encodeURIComponent(player.id);
    if (hash !== location.hash) history.pushState(null, "", hash);
  }

  function pick(step, state) {
    var pictures = Array.prototype.slice.call(step.querySelectorAll(".dg-picture"));
    function find(test) { return pictures.filter(test)[0]; }
    var best =
      find(function (p) { return p.dataset.view === state.view && p.dataset.driver === state.driver; }) ||
      find(function (p) { return p.dataset.view === state.view; }) ||
      pictures[0];
    pictures.forEach(function (p) { p.hidden = p !== best; });
  }

  /* "Step 3 of 7 docker rm db. Removed: …" */
  function words(step) {
    return [".dg-caption", ".dg-words"].map(function (part) {
      var found = step.querySelector(part);
      return found ? found.textContent.trim() : "";
    }).join(". ");
  }

  function lines(text) { return text ? text.split("\n") : []; }

  /* What the chosen command would take away from this step: keys of things. */
  function taken(player, step) {
    var bit = player.dg.lose === "" ? 0 : 1 << Number(player.dg.lose);
    return lines(step.dataset.dgLost).filter(function (line) { return parseInt(line, 10) & bit; })
      .map(function (line) { return line.slice(line.indexOf(" ") + 1); });
  }

  /* The keys by which pictures know a thing: its own, its parts', its directories on the host. */
  function marks(player, key) {
    var bare = key.slice(key.indexOf(":") + 1), found = [key];
    var target = player.dataset.dgTarget;
    if (key.indexOf("container:") === 0) {
      found.push("writable:" + bare, "log:" + bare);
      if (bare === target) found.push("container", "writable");
    }
    if (target && key.indexOf("tmpfs:" + target + ":") === 0) found.push("tmpfs:" + bare.slice(target.length + 1));
    lines(player.dataset.dgHomes).forEach(function (line) {
      var pair = line.split("\t");
      if (pair[0] === key) found.push("disk:" + pair[1]);
    });
    return found;
  }

  function called(key) {
    var parts = key.split(":"), name = parts.slice(1).join(":");
    if (parts[0] === "container") return "the writable layer and the log of " + name;
    if (parts[0] === "tmpfs") return "the memory at " + parts.slice(2).join(":") + " of " + parts[1];
    return "volume " + (/^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name);
  }

  function mark(player, step) {
    var lost = taken(player, step);
    var keys = [].concat.apply([], lost.map(function (key) { return marks(player, key); }));
    step.querySelectorAll("[data-k]").forEach(function (group) {
      var k = group.dataset.k;
      group.classList.toggle("dg-lost", k.indexOf("#before") < 0 && keys.some(function (key) {
        return k.indexOf(key) === 0 && (k.length === key.length || "#/".indexOf(k[key.length]) >= 0);
      }));
    });
  }

  function tell(player, step) {
    var select = player.querySelector("[data-dg-lose]");
    if (!select) return;
    var lost = taken(player, step), note = player.querySelector(".dg-taken");
    note.hidden = player.dg.lose === "";
    note.textContent = note.hidden ? "" : select.options[select.selectedIndex].text +
      (lost.length ? " would take away: " + lost.map(called).join("; ") + "." : " would take nothing from here.");
  }

  function show(player, change, speak) {
    var state = player.dg;
    Object.keys(change).forEach(function (key) { state[key] = change[key]; });
    var all = steps(player);
    var last = all.length - 1 + Number(all[0].dataset.step);
    state.step = Math.max(Number(all[0].dataset.step), Math.min(last, state.step));
    all.forEach(function (step) {
      if ("lose" in change) mark(player, step);
      var current = Number(step.dataset.step) === state.step;
      step.hidden = !current;
      if (current) {
        pick(step, state);
        tell(player, step);
        if (speak) player.querySelector(".dg-live").textContent = words(step);
      }
    });
    var scrub = player.querySelector(".dg-scrub");
    if (scrub) {
      scrub.value = state.step - Number(all[0].dataset.step);
      scrub.setAttribute("aria-valuetext", all[scrub.value].querySelector(".dg-caption").textContent);
    }
    player.querySelectorAll("[data-dg-view]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.dgView === state.view));
    });
    var select = player.querySelector("[data-dg-driver]");
    if (select) select.value = state.driver;
    player.querySelectorAll("[data-dg-go]").forEach(function (button) {
      var back = button.dataset.dgGo === "first" || button.dataset.dgGo === "back";
      button.disabled = state.step === (back ? Number(all[0].dataset.step) : last);
    });
  }

  function go(player, where) {
    var moves = { first: -Infinity, back: player.dg.step - 1, next: player.dg.step + 1, last: Infinity };
    show(player, { step: moves[where] }, true);
    writeHash(player);
  }

  function wire(player) {
    if (player.dg) return;
    var all = steps(player);
    if (!all.length) return;
    var shown = player.querySelector(".dg-scrub");
    var first = all[0].querySelector(".dg-picture");
    player.dg = {
      step: Number(all[0].dataset.step) + (shown ? Number(shown.value) : 0),
      view: first ? first.dataset.view : "", firstView: first ? first.dataset.view : "",
      driver: first ? first.dataset.driver : "", firstDriver: first ? first.dataset.driver : "",
      lose: ""
    };
    player.classList.add("dg-live-player");
    var bar = player.querySelector(".dg-bar");
    if (bar) bar.hidden = false;
    player.addEventListener("click", function (event) {
      var button = event.target.closest("[data-dg-go],[data-dg-view]");
      if (!button) return;
      if (button.dataset.dgGo) go(player, button.dataset.dgGo);
      else { show(player, { view: button.dataset.dgView }, true); writeHash(player); }
    });
    player.addEventListener("input", function (event) {
      if (event.target.matches(".dg-scrub"))
        show(player, { step: Number(event.target.value) + Number(all[0].dataset.step) }, false);
    });
    player.addEventListener("change", function (event) {
      if (event.target.matches("[data-dg-lose]")) { show(player, { lose: event.target.value }, false); return; }
      if (event.target.matches("[data-dg-driver]")) show(player, { driver: event.target.value }, true);
      writeHash(player);
    });
    var from = null;
    player.addEventListener("touchstart", function (event) {
      from = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
    }, { passive: true });
    player.addEventListener("touchend", function (event) {
      if (!from || event.target.closest("pre, .dg-scrub")) return;
      var dx = event.changedTouches[0].clientX - from.x, dy = event.changedTouches[0].clientY - from.y;
      if (Math.abs(dx) > 50 && Math.abs(dx) > 2 * Math.abs(dy)) go(player, dx < 0 ? "next" : "back");
    }, { passive: true });
    show(player, {}, false);
  }

  function fromHash() {
    var wanted = readHash();
    if (!wanted.step && !wanted.view && !wanted.driver) return;
    var player = (wanted.player && document.getElementById(wanted.player)) || players()[0];
    if (!player || !player.dg) return;
    show(player, {
      step: wanted.step ? Number(wanted.step) || 0 : player.dg.step,
      view: wanted.view || player.dg.firstView,
      driver: wanted.driver || player.dg.firstDriver
    }, false);
    player.scrollIntoView({ block: "nearest" });
  }

  /* The arrow keys belong to the player that is used or, if there is just one in sight, to that. */
  function keyTarget() {
    var focused = document.activeElement && document.activeElement.closest(".dg-player");
    if (focused) return focused;
    if (document.activeElement && document.activeElement !== document.body) return null;
    var seen = players().filter(function (player) {
      var box = player.getBoundingClientRect();
      return box.bottom > 80 && box.top < window.innerHeight - 80;
    });
    return seen.length === 1 ? seen[0] : null;
  }

  var keys = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" };

  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!keys[event.key] || event.target.matches("input, select, textarea, pre")) return;
    var player = keyTarget();
    if (!player || !player.dg) return;
    if ((event.key === "Home" || event.key === "End") && !player.contains(document.activeElement)) return;
    event.preventDefault();
    go(player, keys[event.key]);
  }

  function copyButtons() {
    document.querySelectorAll("pre[data-dg-copy]").forEach(function (pre) {
      if (pre.parentElement.querySelector(":scope > .dg-copy")) return;
      var text = pre.getAttribute("data-dg-copy");
      var button = document.createElement("button");
      button.type = "button";
      button.className = "dg-copy";
      button.textContent = "copy";
      button.title = text ? "Copy the commands" : "Copy the text";
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(text || pre.textContent).then(function () {
          button.textContent = "copied";
          setTimeout(function () { button.textContent = "copy"; }, 1200);
        });
      });
      pre.parentElement.insertBefore(button, pre);
    });
  }

  function start() {
    players().forEach(wire);
    copyButtons();
    fromHash();
  }

  document.addEventListener("keydown", onKey);
  window.addEventListener("popstate", fromHash);
  window.addEventListener("hashchange", fromHash);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  /* Material's instant navigation replaces the page without loading it again. */
  if (window.document$ && window.document$.subscribe) window.document$.subscribe(start);
})();
