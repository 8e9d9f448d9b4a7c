using System.Globalization;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>A dead letter as it is kept. Immutable.</summary>
/// <param name="EntryId">Its id in the stream of dead letters.</param>
/// <param name="Letter">The letter.</param>
/// <param name="DeduplicationKey">Key of the task, which it gets again when it is re-driven.</param>
internal sealed record StoredLetter(string EntryId, DeadLetter Letter, string? DeduplicationKey);

/// <summary>
/// Fields of a dead letter: <c>id</c>, <c>type</c>, <c>priority</c>, <c>reason</c>, <c>attempts</c>, <c>exception</c>,
/// <c>text</c>, <c>key</c>; the server adds <c>raw</c> (the entry's fields, MessagePack) and <c>cut</c>
/// where the raw entry was too long to be kept whole.
/// </summary>
internal static class DeadLetterFields
{
    /// <summary>Type under which entries are counted that cannot be read.</summary>
    public const string MalformedType = "malformed";

    private const int LongestText = 1000;

    public static RedisValue[] Of(DeadLetter letter, HeldTask held)
    {
        List<RedisValue> fields =
        [
            "id", letter.Id, "type", Cut(letter.TypeName), "priority", letter.Priority.ToString(), "reason", letter.Reason.ToString(), "attempts", letter.Attempts,
        ];
        Add("exception", letter.ExceptionType);
        Add("text", letter.Message);
        Add("key", held.DeduplicationKey);
        return [.. fields];

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                fields.AddRange(name, Cut(value));
            }
        }
    }

    public static StoredLetter Read(StreamEntry entry)
    {
        var id = Text("id");
        var letter = new DeadLetter
        {
            Id = string.IsNullOrEmpty(id) ? entry.Id.ToString() : id,
            TypeName = Text("type") ?? "",
            Priority = Enum.TryParse<TaskPriority>(Text("priority"), out var priority) && Enum.IsDefined(priority) ? priority : TaskPriority.Normal,
            Reason = Enum.TryParse<DeadLetterReason>(Text("reason"), out var reason) && Enum.IsDefined(reason) ? reason : DeadLetterReason.Malformed,
            Attempts = int.TryParse(Text("attempts"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) ? attempts : 0,
            At = DateTimeOffset.FromUnixTimeMilliseconds(DeliveredEntry.AddedAt(entry.Id.ToString())),
            ExceptionType = Text("exception"),
            Message = Text("text"),
        };
        return new StoredLetter(entry.Id.ToString(), letter, Text("key"));

        string? Text(string name) => entry[name] is { IsNull: false } value ? value.ToString() : null;
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
