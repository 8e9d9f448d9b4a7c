using System.Text.Json;
using Microsoft.Playwright;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>A window of the browser, whose tabs share cache and cookies.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Window(IBrowserContext context) => _context = context;

    public IBrowserContext Context => _context;

    public static async Task<Window> CreateAsync(IBrowserContext context, string? key)
    {
        // What breaks the policy shows as an error of the console, which every test looks at.
        await context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))");
        if (key is not null)
        {
            await context.AddInitScriptAsync($"try {{ sessionStorage.setItem('monitoring.key', {JsonSerializer.Serialize(key)}) }} catch {{ /* about:blank has none */ }}");
        }

        return new Window(context);
    }

    /// <summary>Opens a tab and waits until it is live.</summary>
    public async Task<Tab> ShowAsync(Uri dashboard, string page = "")
    {
        var tab = await NewTabAsync();
        await tab.Page.GotoAsync($"{dashboard}#/{page}");
        await tab.WaitUntilLiveAsync();
        return tab;
    }

    public async Task<Tab> NewTabAsync() => new(await _context.NewPageAsync());

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
