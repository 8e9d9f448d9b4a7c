namespace Monitoring.Requests;

/// <summary>Responses by the class of their HTTP status.</summary>
/// <param name="Status1xx">Informational, such as the switch to a web socket (101).</param>
/// <param name="Status2xx">Successful.</param>
/// <param name="Status3xx">Redirections.</param>
/// <param name="Status4xx">Errors of the client, those that went away (499) included.</param>
/// <param name="Status5xx">Errors of the server.</param>
public readonly record struct StatusClassCounts(long Status1xx, long Status2xx, long Status3xx, long Status4xx, long Status5xx)
{
    internal StatusClassCounts Plus(in StatusClassCounts other) => new(
        Status1xx + other.Status1xx,
        Status2xx + other.Status2xx,
        Status3xx + other.Status3xx,
        Status4xx + other.Status4xx,
        Status5xx + other.Status5xx);
}
