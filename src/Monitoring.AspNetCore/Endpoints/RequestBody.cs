using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The small JSON object that a change comes with. It may be left out.</summary>
internal static class RequestBody
{
    public const int LongestText = 1000;

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="example">An object of that kind, for who sent something else.</param>
    /// <param name="texts">The texts in it by their names; each may have up to <see cref="LongestText"/> characters.</param>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, string example, Func<T, IEnumerable<(string Field, string? Text)>> texts)
        where T : class, new()
    {
        var bytes = await ReadBytesAsync(request).ConfigureAwait(false);
        if (bytes is null)
        {
            return (null, TooLong());
        }

        if (!IsMeant(request, bytes))
        {
            return (null, NotJson());
        }

        return bytes.Length == 0 ? (new T(), null) : Parse(bytes, $"allowed: a JSON object like {example}.", texts);
    }

    /// <summary>Reads any JSON object without members that come twice, or says what is wrong with the body. It may not be left out.</summary>
    public static async Task<(JsonObject? Body, IResult? Problem)> ReadObjectAsync(HttpRequest request, string example)
    {
        var bytes = await ReadBytesAsync(request).ConfigureAwait(false);
        if (bytes is null)
        {
            return (null, TooLong());
        }

        if (!IsMeant(request, bytes))
        {
            return (null, NotJson());
        }

        try
        {
            if (JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject body && HasText(body))
            {
                return (body, null);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What is said below is all there is to say.
        }

        return (null, Problems.BadField("body", $"not such an object; allowed: a JSON object like {example}."));
    }

    public static IResult TooLong() => Problems.For(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {ApiGate.LongestBody} bytes.");

    // Half a character is found only when it is read; better here than in the middle of a change.
    private static bool HasText(JsonNode? node) => node switch
    {
        JsonObject members => members.All(static member => HasText(member.Key) && HasText(member.Value)),
        JsonArray entries => entries.All(HasText),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => HasText(value.GetValue<string>()),
        _ => true,
    };

    private static bool HasText(string text) => text is not null;

    private static IResult NotJson() => Problems.For(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json.");

    // A page on another site can make a browser post with the host's cookies, but neither as JSON nor with a key.
    private static bool IsMeant(HttpRequest request, byte[] bytes) =>
        request.HasJsonContentType() || (bytes.Length == 0 && ApiKeys.AreSent(request.HttpContext));

    private static (T?, IResult?) Parse<T>(byte[] bytes, string allowed, Func<T, IEnumerable<(string Field, string? Text)>> texts)
        where T : class, new()
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, ApiJson.For<T>()) is not { } body)
            {
                return (null, Problems.BadField("body", $"null; {allowed}"));
            }

            var (field, _) = texts(body).FirstOrDefault(static text => text.Text?.Length > LongestText);
            return field is null ? (body, null) : (null, Problems.BadField(field, $"longer than {LongestText} characters."));
        }
        catch (JsonException exception)
        {
            return (null, exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
                ? BadMember(path[2..], texts(new T()).Any(text => text.Field == path[2..]), allowed)
                : Problems.BadField("body", $"not such an object; {allowed}"));
        }
    }

    // The path may go on below the member: "matchers[0].label".
    private static IResult BadMember(string path, bool isText, string allowed) =>
        isText
            ? Problems.BadField(path, "not a string; allowed: text or null.")
            : Problems.BadField(path.Split('.', '[')[0], $"not what it should be; {allowed}");

    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > ApiGate.LongestBody)
        {
            return null;
        }

        var buffer = new byte[ApiGate.LongestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return length > ApiGate.LongestBody ? null : buffer[..length];
    }
}
