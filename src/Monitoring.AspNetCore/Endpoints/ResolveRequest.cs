using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Why an alert is resolved by hand: <c>{"note": "…"}</c>. The note, and the body, may be left out.</summary>
internal sealed record ResolveRequest(string? Note = null)
{
    private const int LongestBody = 16 * 1024;
    private const int LongestNote = 1000;
    private const string Shape = "allowed: a JSON object like {\"note\": \"why\"}.";

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    public static async Task<(ResolveRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        var body = await ReadBodyAsync(request).ConfigureAwait(false);
        if (body is null)
        {
            return (null, Problems.For(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {LongestBody} bytes."));
        }

        // A page on another site can make a browser post with the host's cookies, but neither as JSON nor with a key.
        if (!request.HasJsonContentType() && (body.Length > 0 || !ApiKeys.AreSent(request)))
        {
            return (null, Problems.For(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json."));
        }

        return body.Length == 0 ? (new ResolveRequest(), null) : Parse(body);
    }

    private static (ResolveRequest?, IResult?) Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.For<ResolveRequest>()) switch
            {
                null => (null, Problems.BadField("body", $"null; {Shape}")),
                { Note.Length: > LongestNote } => (null, Problems.BadField("note", $"longer than {LongestNote} characters.")),
                var request => (request, null),
            };
        }
        catch (JsonException exception)
        {
            return (null, exception.Path == "$.note"
                ? Problems.BadField("note", "not a string; allowed: text or null.")
                : Problems.BadField("body", $"not such an object; {Shape}"));
        }
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > LongestBody)
        {
            return null;
        }

        var buffer = new byte[LongestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted).ConfigureAwait(false);
        return length > LongestBody ? null : buffer[..length];
    }
}
