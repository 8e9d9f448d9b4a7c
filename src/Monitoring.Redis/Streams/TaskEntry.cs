using System.Globalization;
using System.Text.Json;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>
/// A task as it is kept in a stream. Fields: <c>n</c> name of the message, <c>i</c> task id, <c>p</c> payload (JSON),
/// <c>a</c> attempts that failed, <c>d</c> deliveries before this entry was made, <c>k</c> deduplication key, <c>o</c> timeout
/// of an attempt in ms. The last two are there when the task has them; unknown fields are carried along. Immutable.
/// </summary>
internal sealed record TaskEntry
{
    public const int LongestId = 128;

    public required string Name { get; init; }

    public required string TaskId { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public int Attempts { get; init; }

    public int Deliveries { get; init; }

    public string? DeduplicationKey { get; init; }

    public TimeSpan? Timeout { get; init; }

    public static RedisValue[] ToFields(MessageContract contract, byte[] payload, BackgroundTask task)
    {
        List<RedisValue> fields = ["n", contract.Name, "i", task.Id, "p", payload, "a", 0, "d", 0];
        if (task.DeduplicationKey is { } key)
        {
            fields.AddRange("k", key);
        }

        if (task.Timeout is { } timeout)
        {
            fields.AddRange("o", (long)timeout.TotalMilliseconds);
        }

        return [.. fields];
    }

    /// <returns>Null when it cannot be read; <paramref name="problem"/> then says why.</returns>
    public static TaskEntry? Read(IReadOnlyDictionary<string, RedisValue> fields, out string problem)
    {
        problem = "";
        if (Text("i") is not { Length: > 0 and <= LongestId } id)
        {
            problem = $"The entry has no task id of 1 to {LongestId} characters (field i).";
        }
        else if (Text("n") is not { Length: > 0 } name)
        {
            problem = "The entry has no name of a message (field n).";
        }
        else if (!fields.TryGetValue("p", out var payload))
        {
            problem = "The entry has no payload (field p).";
        }
        else if (!Number("a", out var attempts) || !Number("d", out var deliveries) || !Number("o", out var timeout) || timeout > TaskProcessorOptions.MaximumTimeout.TotalMilliseconds)
        {
            problem = "The entry's attempts, deliveries or timeout (fields a, d, o) are no numbers in range.";
        }
        else
        {
            return new TaskEntry
            {
                Name = name,
                TaskId = id,
                Payload = payload,
                Attempts = attempts,
                Deliveries = deliveries,
                DeduplicationKey = Text("k") is { Length: > 0 and <= BackgroundTask.LongestDeduplicationKey } key ? key : null,
                Timeout = timeout > 0 ? TimeSpan.FromMilliseconds(timeout) : null,
            };
        }

        return null;

        string? Text(string field) => fields.TryGetValue(field, out var value) ? (string?)value : null;

        bool Number(string field, out int number)
        {
            number = 0;
            return Text(field) is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
    }

    /// <returns>Null when there is no such message, or the payload is none; <paramref name="problem"/> then says why.</returns>
    public BackgroundTask? ToTask(MessageContracts contracts, TaskPriority priority, out string problem)
    {
        problem = "";
        if (contracts.Find(Name) is not { } contract)
        {
            problem = $"No message is configured under the name '{Name}'.";
            return null;
        }

        try
        {
            var task = contract.Read(Payload.Span, TaskId, priority, Timeout);
            task.Attempt = Attempts;
            return task;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or FormatException or InvalidOperationException or ArgumentException)
        {
            problem = $"The payload is no '{Name}': {exception.Message}";
            return null;
        }
    }
}
