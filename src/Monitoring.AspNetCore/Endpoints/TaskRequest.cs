using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Which queue is meant, all when it is left out; and which dead letter of it, all when it is left out.</summary>
internal sealed record TaskRequest
{
    public string? Queue { get; init; }

    public string? Id { get; init; }

    /// <summary>Reads the body, or says what is wrong with it.</summary>
    public static Task<(TaskRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request) =>
        RequestBody.ReadAsync<TaskRequest>(request, """{"queue": "orders", "id": "…"}""", static body => [("queue", body.Queue), ("id", body.Id)]);
}
