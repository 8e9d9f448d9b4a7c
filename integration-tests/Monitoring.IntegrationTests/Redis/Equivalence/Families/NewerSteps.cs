using StackExchange.Redis;

#pragma warning disable SER001, SER002, SER003, SER006 // They must pass unchanged while they are experimental too.

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>Commands that servers learnt of late. One that does not know them says so, and the same to everybody.</summary>
internal static class NewerSteps
{
    private static readonly DateTime Far = new(2045, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Family FieldExpiry { get; } = new("hash field expiry")
    {
        db => db.HashSetAsync("hash", [new("a", 1), new("b", 2), new("c", 3)]),
        db => db.HashFieldExpireAsync("hash", ["a", "absent"], TimeSpan.FromHours(1)),
        db => db.HashFieldExpireAsync("hash", ["b"], Far),
        db => db.HashFieldGetExpireDateTimeAsync("hash", ["b", "c"]),
        db => db.HashFieldGetTimeToLiveAsync("hash", ["a", "c"]),
        db => db.HashFieldPersistAsync("hash", ["a"]),
        db => db.HashFieldGetAndDeleteAsync("hash", "c"),
        db => db.HashFieldGetAndSetExpiryAsync("hash", "a", TimeSpan.FromHours(1)),
        db => db.HashFieldGetLeaseAndDeleteAsync("hash", "a"),
        db => db.HashFieldSetAndSetExpiryAsync("hash", "d", "value", TimeSpan.FromHours(1)),
        db => db.HashGetAllAsync("hash"),
    };

    public static Family Others { get; } = new("newer commands")
    {
        db => db.StringSetAsync("text", "value"),
        db => db.StringDigestAsync("text"),
        db => db.StringDeleteAsync("text", ValueCondition.Equal("other")),
        db => db.StringSetAsync("text", "value", Expiration.Default, ValueCondition.Equal("value")),
        db => db.StreamAddAsync("stream", "field", "value", "1-1"),
        db => db.StreamCreateConsumerGroupAsync("stream", "group", "0-0"),
        db => db.StreamAcknowledgeAndDeleteAsync("stream", "group", StreamTrimMode.KeepReferences, "1-1"),
        db => db.StreamDeleteAsync("stream", ["1-1"], StreamTrimMode.Acknowledged),
        db => db.ArraySetAsync("array", 3, "three"),
        db => db.ArrayGetAsync("array", 3),
        db => db.ArrayLengthAsync("array"),
        db => db.VectorSetAddAsync("vectors", VectorSetAddRequest.Member("north", new float[] { 0, 1 })),
        db => db.VectorSetLengthAsync("vectors"),
        db => db.VectorSetContainsAsync("vectors", "north"),
        db => db.VectorSetInfoAsync("vectors"),
        db => db.VectorSetSimilaritySearchAsync("vectors", VectorSetSimilaritySearchRequest.ByMember("north")),
    };
}
