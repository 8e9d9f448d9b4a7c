using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Why an alert is resolved by hand: <c>{"note": "…"}</c>. The note, and the body, may be left out.</summary>
internal sealed record ResolveRequest(string? Note = null)
{
    public ResolveRequest()
        : this(Note: null)
    {
    }

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    public static Task<(ResolveRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request) =>
        RequestBody.ReadAsync<ResolveRequest>(request, """{"note": "why"}""", static body => [("note", body.Note)]);
}
