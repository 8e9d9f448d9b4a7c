using System.Text.Json;

namespace Monitoring.AspNetCore.Live;

/// <summary>What a client of the feed wants to be told next.</summary>
/// <param name="Page">Which page it shows.</param>
/// <param name="Window">How far its figures look back.</param>
internal readonly record struct LiveTurn(LivePage Page, TimeSpan Window)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);

    private static readonly string[] Pages = Enum.GetNames<LivePage>();

    /// <summary>Reads <c>{"page":"redis","window":"5m"}</c>; members that it does not know are passed over.</summary>
    /// <param name="message">The message as UTF-8.</param>
    /// <param name="turn">What was asked for.</param>
    /// <returns>Null, or what is wrong: a fixed text of at most 123 bytes, which is what a closing frame holds (RFC 6455, 5.5).</returns>
    public static string? Read(ReadOnlyMemory<byte> message, out LiveTurn turn)
    {
        turn = default;
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("page", out var name) || name.ValueKind != JsonValueKind.String)
            {
                return """Send {"page":"redis","window":"5m"}.""";
            }

            var page = Array.FindIndex(Pages, known => known.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
            if (page < 0)
            {
                return $"The page is not known; allowed: {string.Join(", ", Pages)}.";
            }

            var window = DefaultWindow;
            if (root.TryGetProperty("window", out var length) && (length.ValueKind != JsonValueKind.String || !Endpoints.Window.TryRead(length.GetString()!, out window)))
            {
                return $"This is not a window; allowed: {Endpoints.Window.Allowed()}.";
            }

            turn = new LiveTurn(Enum.Parse<LivePage>(Pages[page]), window);
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair cannot be a string.
            return "This is not JSON.";
        }
    }
}
