/* SPDX-License-Identifier: MIT */
/* Steps through the page. Everything stands in the document already: this hides what is not reached
   yet and moves the mark; it makes no markup of text and fetches nothing. */
(function () {
  "use strict";

  var NEAR = 1; /* steps that stay in sight behind the current one */

  var root = document.documentElement;
  var steps = Array.from(document.querySelectorAll(".step"));
  var rows = Array.from(document.querySelectorAll(".sq-row"));
  var diagram = document.getElementById("diagram");
  var now = document.getElementById("now");
  var current = -1;

  function byId(id) {
    return document.getElementById(id);
  }

  function last(step) {
    return Number(steps[step].dataset.last);
  }

  /* The narration that the step belongs to, and the steps just before it. */
  function markSteps() {
    var chapter = Number(steps[current].dataset.chapter);
    steps.forEach(function (step, index) {
      var near = index < current && index + 1 >= chapter &&
        (index + 1 === chapter || current - index <= NEAR);
      step.classList.toggle("current", index === current);
      step.classList.toggle("near", near);
      if (index === current) {
        step.setAttribute("aria-current", "step");
      } else {
        step.removeAttribute("aria-current");
      }
    });
  }

  function markRows() {
    var end = last(current);
    var begin = current > 0 ? last(current - 1) : 0;
    var newest = null;
    rows.forEach(function (row) {
      var entry = Number(row.dataset.entry);
      var isNow = entry > begin && entry <= end;
      row.classList.toggle("later", entry > end);
      row.classList.toggle("now", isNow);
      newest = isNow ? row : newest;
    });
    return newest;
  }

  /* Each shell's last table up to here. */
  function showSockets() {
    var latest = [];
    if (!now) {
      return;
    }
    for (var index = 0; index <= current; index++) {
      steps[index].querySelectorAll(".sockets").forEach(function (table) {
        latest[Number(table.dataset.origin)] = table;
      });
    }
    var copies = latest.filter(Boolean).map(function (table) {
      return table.cloneNode(true);
    });
    now.querySelector(".scroll").replaceChildren.apply(now.querySelector(".scroll"), copies);
    now.hidden = copies.length === 0;
    if (diagram) {
      diagram.classList.toggle("beside", !now.hidden);
    }
  }

  /* Scrolls the diagram's own box, never the page. */
  function follow(row) {
    var text = row && (row.querySelector(".sq-call") || row.querySelector(".sq-label") || row);
    if (!text || !diagram) {
      return;
    }
    var box = diagram.getBoundingClientRect();
    var place = text.getBoundingClientRect();
    var left = diagram.scrollLeft;
    diagram.scrollTop += place.bottom - (box.top + 0.8 * box.height);
    if (place.left < box.left) {
      left += place.left - box.left - 24;
    } else if (place.right > box.right) {
      left += Math.min(place.right - box.right + 24, place.left - box.left - 24);
    }
    diagram.scrollLeft = left;
  }

  function tellPlace() {
    var text = "Step " + (current + 1) + " of " + steps.length;
    byId("position").textContent = text;
    byId("place").value = current + 1;
    byId("place").setAttribute("aria-valuetext", text);
    byId("first").disabled = byId("back").disabled = current === 0;
    byId("last").disabled = byId("next").disabled = current === steps.length - 1;
  }

  function show(step) {
    step = Math.max(0, Math.min(steps.length - 1, step));
    if (step === current) {
      return;
    }
    current = step;
    markSteps();
    showSockets();
    follow(markRows());
    tellPlace();
    steps[current].scrollIntoView({ block: "nearest" });
    if (location.hash !== "#step=" + (current + 1)) {
      history.replaceState(null, "", "#step=" + (current + 1));
    }
  }

  function fromHash() {
    var found = /^#step=([0-9]{1,9})$/.exec(location.hash);
    return found ? Number(found[1]) - 1 : 0;
  }

  function toggle(button, name) {
    var on = root.classList.toggle(name);
    byId(button).setAttribute("aria-pressed", String(on));
  }

  function toggleAll() {
    var stepping = root.classList.toggle("stepping");
    byId("all").setAttribute("aria-pressed", String(!stepping));
    steps[current].scrollIntoView({ block: "nearest" });
  }

  function forward() {
    show(current + 1);
  }

  function back() {
    show(current - 1);
  }

  /* PageUp and PageDown are what a presenter's remote sends. */
  var keys = {
    "ArrowRight": forward, "j": forward, " ": forward, "PageDown": forward,
    "ArrowLeft": back, "k": back, "PageUp": back,
    "Home": function () { show(0); },
    "End": function () { show(steps.length - 1); },
    "a": toggleAll,
    "l": function () { toggle("large", "large"); }
  };

  /* A focused button takes Space, the slider its arrows, a box that scrolls the arrows too. */
  function isTaken(event) {
    var target = event.target;
    if (target.closest("input")) {
      return !/^[ajkl ]$/.test(event.key) && !/^Page/.test(event.key);
    }
    if (target.closest("button, a, summary")) {
      return event.key === " ";
    }
    return Boolean(target.closest(".scroll")) && /^Arrow/.test(event.key) &&
      target.scrollWidth > target.clientWidth;
  }

  function onKey(event) {
    var action = keys[event.key];
    if (!action || event.ctrlKey || event.altKey || event.metaKey || isTaken(event)) {
      return;
    }
    event.preventDefault();
    (event.key === " " && event.shiftKey ? back : action)();
  }

  function begin() {
    root.classList.add("script", "stepping");
    byId("controls").hidden = false;
    byId("place").max = steps.length;
    byId("first").addEventListener("click", keys.Home);
    byId("back").addEventListener("click", back);
    byId("next").addEventListener("click", forward);
    byId("last").addEventListener("click", keys.End);
    byId("all").addEventListener("click", toggleAll);
    byId("large").addEventListener("click", keys.l);
    byId("place").addEventListener("input", function (event) {
      show(Number(event.target.value) - 1);
    });
    document.addEventListener("keydown", onKey);
    window.addEventListener("hashchange", function () {
      show(fromHash());
    });
    show(fromHash());
  }

  if (steps.length > 0) {
    begin();
  }
}());
