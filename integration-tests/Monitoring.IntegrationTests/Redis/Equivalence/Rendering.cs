using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>Writes a result down to its last part, without what differs from run to run: ports, idle times, ids made of the clock.</summary>
internal static partial class Rendering
{
    private static readonly HashSet<string> Volatile = ["IdleTimeInMilliseconds", "LastDeliveredAt", "Database", "Multiplexer"];

    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{Steady(text)}'",
        RedisValue redis => OfValue(redis),
        RedisResult result => OfResult(result),
        Exception exception => OfException(exception),
        Lease<byte> lease => OfLease(lease),
        byte[] bytes => Convert.ToHexString(bytes),
        TimeSpan time => $"{Math.Round(time.TotalMinutes)} min",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        EndPoint => "end point",
        RedisKey or Enum or RedisChannel or Version => $"{value.GetType().Name} {Steady(value.ToString()!)}",
        IFormattable number => $"{value.GetType().Name} {number.ToString(null, CultureInfo.InvariantCulture)}",
        bool flag => flag ? "true" : "false",
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Of))}]",
        _ => OfParts(value),
    };

    // The client stores a value as a number or as bytes: that must not change either.
    private static string OfValue(RedisValue value) => value.Box() switch
    {
        null => "nil",
        byte[] bytes => $"bytes '{Steady(Encoding.Latin1.GetString(bytes))}'",
        var other => $"{other.GetType().Name} '{Steady(value.ToString())}'",
    };

    private static string OfResult(RedisResult result) => result.Length >= 0 && !result.IsNull
        ? $"{result.Resp3Type} [{string.Join(", ", Enumerable.Range(0, result.Length).Select(i => OfResult(result[i])))}]"
        : $"{result.Resp3Type} {(result.IsNull ? "nil" : Steady(result.ToString()!))}";

    private static string OfException(Exception exception)
    {
        var inner = exception.InnerException is { } cause ? $" because of {OfException(cause)}" : "";
        return $"{exception.GetType().FullName}: {Steady(exception.Message)}{inner}";
    }

    private static string OfLease(Lease<byte> lease)
    {
        using (lease)
        {
            return $"lease of '{Encoding.Latin1.GetString(lease.Span)}'";
        }
    }

    private static string OfParts(object value)
    {
        var type = value.GetType();
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(static p => p.GetIndexParameters().Length == 0 && !Volatile.Contains(p.Name))
            .Select(p => $"{p.Name}={Of(p.GetValue(value))}");
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(f => $"{f.Name}={Of(f.GetValue(value))}");
        return $"{type.Name} {{{string.Join(", ", properties.Concat(fields).Order(StringComparer.Ordinal))}}}";
    }

    private static string Steady(string text) => Diagnosis().Replace(ClockId().Replace(Address().Replace(text, "address"), "clock-id"), ", diagnosis");

    [GeneratedRegex(@"127\.0\.0\.1:\d+|localhost:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b\d{13}-\d+\b")]
    private static partial Regex ClockId();

    // What the client appends about its queues and the thread pool.
    [GeneratedRegex(@", mc: \d.*$")]
    private static partial Regex Diagnosis();
}
