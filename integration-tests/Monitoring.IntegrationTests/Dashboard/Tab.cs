using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>A tab, with what it asked for and what went wrong in it.</summary>
internal sealed class Tab
{
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly ConcurrentQueue<string> _requests = [];
    private int _snapshots;

    public Tab(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _problems.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _problems.Enqueue(error);
        page.Dialog += async (_, dialog) =>
        {
            _problems.Enqueue($"a dialog says {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.WebSocket += (_, socket) =>
        {
            _requests.Enqueue(socket.Url);
            socket.FrameReceived += (_, _) => Interlocked.Increment(ref _snapshots);
        };
    }

    public IPage Page { get; }

    public ILocator Main => Page.GetByRole(AriaRole.Main);

    public ILocator Feed => Page.GetByTestId("feed");

    public ILocator Status => Page.GetByTestId("status");

    /// <summary>Every address that was asked for, those of WebSockets included.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>How many messages came over WebSockets.</summary>
    public int Messages => Volatile.Read(ref _snapshots);

    /// <summary>Errors of the console and of scripts, breaches of the security policy, dialogs.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    public Task WaitUntilLiveAsync() => Assertions.Expect(Feed).ToHaveTextAsync("Live");

    /// <summary>Goes to another page without loading anew.</summary>
    public async Task GoToAsync(DashboardPage page)
    {
        await Page.EvaluateAsync("path => { location.hash = '#/' + path }", page.Path);
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(page.Title);
        await WaitUntilLiveAsync();
    }

    public async Task TryKeyAsync(string key)
    {
        await Page.GetByLabel("Key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
    }

    public async Task LogInAsync(string key)
    {
        await TryKeyAsync(key);
        await WaitUntilLiveAsync();
    }

    /// <summary>What a person sees of the page's own part.</summary>
    public Task<string> ReadAsync() => Main.InnerTextAsync();

    /// <summary>The alert of this key.</summary>
    public ILocator Alert(string key) => Page.Locator($"article[data-alert='{key}']");

    public ILocator Panel(string title) => Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    public void ShouldBeWithoutProblems() => Problems.Should().BeEmpty();
}
