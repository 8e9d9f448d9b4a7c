namespace Monitoring.Redis;

/// <summary>How an operation failed, in the words of OpenTelemetry's conventions; the default when it did not.</summary>
/// <param name="Type">The server's error prefix, or the full name of the exception's type.</param>
/// <param name="StatusCode">The server's error prefix; null when the error is not the server's.</param>
/// <param name="IsRejection">Whether an open circuit refused it.</param>
internal readonly record struct RedisError(string? Type, string? StatusCode, bool IsRejection);
