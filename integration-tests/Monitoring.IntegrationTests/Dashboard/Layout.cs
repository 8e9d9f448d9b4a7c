using Microsoft.Playwright;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Whether everything lies within the width of the window.</summary>
internal static class Layout
{
    // What scrolls in itself, or is clipped on purpose, may be wider.
    private const string Wider = """
        async () => {
          // Charts follow a new width when the browser tells them, with its next frame.
          for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
          const width = document.documentElement.clientWidth;
          const clipped = element => {
            for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
              if (getComputedStyle(parent).overflowX !== 'visible') return true;
            }
            return false;
          };
          const wide = [...document.body.querySelectorAll('*')]
            .filter(element => element.checkVisibility() && !(element instanceof SVGElement && !(element instanceof SVGSVGElement)))
            .filter(element => { const box = element.getBoundingClientRect(); return box.width > 0 && (box.right > width + 1 || box.left < -1) && getComputedStyle(element).position !== 'absolute'; })
            .filter(element => !clipped(element))
            .map(element => `${element.tagName}.${element.className} from ${Math.round(element.getBoundingClientRect().left)} to ${Math.round(element.getBoundingClientRect().right)} of ${width}`);
          const scrolls = document.scrollingElement.scrollWidth > width ? [`the page is ${document.scrollingElement.scrollWidth} wide`] : [];
          return [...scrolls, ...wide].slice(0, 10);
        }
        """;

    /// <summary>What is wider than the window, one line each.</summary>
    public static Task<string[]> FindOverflowAsync(IPage page) => page.EvaluateAsync<string[]>(Wider);
}
