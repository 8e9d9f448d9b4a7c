using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Why an alert is resolved or acknowledged by hand: <c>{"note": "…"}</c>. The note, and the body, may be left out.</summary>
internal sealed record NoteRequest
{
    public string? Note { get; init; }

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    public static Task<(NoteRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request) =>
        RequestBody.ReadAsync<NoteRequest>(request, """{"note": "why"}""", static body => [("note", body.Note)]);
}
