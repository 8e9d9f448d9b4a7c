type Moving = { moveBefore?: (this: Node, node: Node, child: Node | null) => void };

/**
 * Chromium (seen in 156) forgets, where it moves an element whose class has just changed, that what is within looks different
 * now. So the looks are worked out before it moves.
 */
export function settleBeforeMoves(): void {
  const elements = Element.prototype as Moving;
  const move = elements.moveBefore;
  if (!move) return;
  elements.moveBefore = function (node, child) {
    if (node instanceof Element) void getComputedStyle(node).color;
    move.call(this, node, child);
  };
}
