using Npgsql;
using StackExchange.Redis;

namespace WebhookService.Webhooks;

/// <summary>The ways to say no, as RFC 9457 problems.</summary>
internal static class Refusals
{
    private const string RetryAfterSeconds = "2";

    public static IResult TooLarge { get; } = Problem(StatusCodes.Status413PayloadTooLarge, "The body is longer than 1 MiB.");

    public static IResult WrongSignature { get; } = Problem(StatusCodes.Status401Unauthorized, "The signature is missing or wrong.");

    public static IResult Malformed(string detail) => Problem(StatusCodes.Status400BadRequest, detail);

    /// <summary>Not now: the sender is asked to deliver it again.</summary>
    public static IResult Busy(HttpResponse response, string detail)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(StatusCodes.Status503ServiceUnavailable, detail);
    }

    /// <summary>
    /// An open circuit, a lost connection, an error of the server, or no answer in time. What was under way on a connection
    /// that the client gives up is cancelled, though nobody asked for that. PostgreSQL, where there is one, may be away as well.
    /// </summary>
    public static bool IsStoreAway(Exception exception) => exception is RedisException or RedisTimeoutException or TaskCanceledException or NpgsqlException;

    private static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);
}
