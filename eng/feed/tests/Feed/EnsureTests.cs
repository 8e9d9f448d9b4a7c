namespace StandIns.Tests.Feed;

public sealed class EnsureTests
{
    private const string Sockets = "Pipelines.Sockets.Unofficial";
    private const string Hashing = "System.IO.Hashing";

    [Fact]
    public async Task Builds_once_for_each_state_of_the_sources_where_the_feed_lacks_the_packages()
    {
        using var feed = new FeedCopy();

        // Two at once: one builds, the other finds it built.
        var said = await Task.WhenAll(feed.EnsureAsync(), feed.EnsureAsync());
        var first = feed.VersionsOf(Sockets).Should().ContainSingle().Subject;
        feed.VersionsOf(Hashing).Should().ContainSingle();
        said.Should().ContainSingle(line => line.Contains("which the configured feed lacks"));
        said.Should().OnlyContain(line => line.StartsWith("feed: stand-ins in place") && line.Contains($"{Sockets} {first}"));

        await File.AppendAllTextAsync(Path.Combine(feed.Folder, "src", Sockets, "Delegates.cs"), "// Changed.\n");
        await feed.EnsureAsync();

        var second = feed.VersionsOf(Sockets).Should().ContainSingle().Subject;
        second.Should().NotBe(first);
        foreach (var version in new[] { first, second })
            version.Split('.').Should().HaveCount(4, "three parts would be a genuine version").And.StartWith(["2", "2", "16"]);
    }

    [Fact]
    public async Task Builds_nothing_and_clears_up_where_the_feed_has_the_packages()
    {
        using var feed = new FeedCopy();
        feed.Offer(Sockets, "2.2.16");
        feed.Offer(Hashing, "10.0.2");
        Directory.CreateDirectory(Path.Combine(feed.Packages, Sockets.ToLowerInvariant(), "2.2.16.1"));

        var said = new[] { await feed.EnsureAsync(), await feed.EnsureAsync(), await feed.EnsureAsync("--ask") };

        said.Should().OnlyContain(line => line.Contains("has the real packages"));
        Directory.Exists(feed.Packages).Should().BeFalse();
    }
}
