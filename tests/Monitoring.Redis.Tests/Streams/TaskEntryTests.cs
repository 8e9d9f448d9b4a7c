using System.Text.Json;
using System.Text.Json.Serialization;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Streams;

internal sealed record Parcel(string Address, int Weight);

internal sealed record Letter(string Text);

[JsonSerializable(typeof(Parcel))]
[JsonSerializable(typeof(Letter))]
internal sealed partial class ParcelContext : JsonSerializerContext;

public sealed class TaskEntryTests
{
    private readonly MessageContracts _contracts = new();

    public TaskEntryTests() => _contracts.Add("parcel", ParcelContext.Default.Parcel);

    [Fact]
    public void A_task_is_read_as_it_was_written()
    {
        var task = BackgroundTask.ForMessage(new Parcel("Zürich", 3), TaskPriority.Low, TimeSpan.FromMilliseconds(1500));
        task.DeduplicationKey = "parcel-3";

        var entry = TaskEntry.Read(Fields(task), out var problem)!;
        var read = entry.ToTask(_contracts, TaskPriority.Low, out var payloadProblem)!;

        (problem, payloadProblem).Should().Be(("", ""));
        read.Message.Should().Be(new Parcel("Zürich", 3));
        (read.Id, read.Priority, read.Timeout, read.Attempt).Should().Be((task.Id, TaskPriority.Low, TimeSpan.FromMilliseconds(1500), 0));
        (entry.DeduplicationKey, entry.Attempts, entry.Deliveries).Should().Be(("parcel-3", 0, 0));
        read.TypeName.Should().Be(task.TypeName, "both sides count it under one name");
    }

    [Fact]
    public void No_name_of_a_type_is_on_the_wire()
    {
        var fields = Fields(BackgroundTask.ForMessage(new Parcel("Basel", 1)));

        fields["n"].Should().Be((RedisValue)"parcel");
        fields.Values.Select(value => value.ToString()).Should().NotContainMatch("*Parcel*").And.NotContainMatch("*Monitoring*");
        fields.Should().NotContainKeys("k", "o");
    }

    [Fact]
    public void What_a_newer_version_adds_does_not_disturb()
    {
        var fields = Fields(BackgroundTask.ForMessage(new Parcel("Bern", 1)));
        fields["future"] = "x";

        TaskEntry.Read(fields, out _)!.ToTask(_contracts, TaskPriority.Normal, out _)!.Message.Should().Be(new Parcel("Bern", 1));
    }

    [Theory]
    [InlineData("i", null, "*no task id*")]
    [InlineData("i", "", "*no task id*")]
    [InlineData("n", null, "*no name of a message*")]
    [InlineData("p", null, "*no payload*")]
    [InlineData("a", "-1", "*no numbers in range*")]
    [InlineData("d", "many", "*no numbers in range*")]
    [InlineData("o", "86400001", "*no numbers in range*")]
    [InlineData("o", "99999999999", "*no numbers in range*")]
    public void An_entry_that_cannot_be_read_says_why(string field, string? value, string because)
    {
        var fields = Fields(BackgroundTask.ForMessage(new Parcel("Genf", 1)));
        if (value is null)
        {
            fields.Remove(field);
        }
        else
        {
            fields[field] = value;
        }

        TaskEntry.Read(fields, out var problem).Should().BeNull();

        problem.Should().Match(because);
    }

    [Theory]
    [InlineData("parcel", "{", "The payload is no 'parcel':*")]
    [InlineData("parcel", "null", "*The payload is null.")]
    [InlineData("parcel", "[1]", "The payload is no 'parcel':*")]
    [InlineData("Monitoring.Redis.Tests.Streams.Parcel", "{}", "No message is configured under the name*")]
    public void A_payload_that_is_no_message_says_why(string name, string json, string because)
    {
        var entry = new TaskEntry { Name = name, TaskId = "1", Payload = System.Text.Encoding.UTF8.GetBytes(json) };

        entry.ToTask(_contracts, TaskPriority.Normal, out var problem).Should().BeNull();

        problem.Should().Match(because);
    }

    [Fact]
    public void A_name_stands_for_one_message_and_a_message_has_one_name()
    {
        FluentActions.Invoking(() => _contracts.Add("parcel", ParcelContext.Default.Letter)).Should().Throw<ArgumentException>().WithMessage("*'parcel' stands for*Parcel already*");
        FluentActions.Invoking(() => _contracts.Add("packet", ParcelContext.Default.Parcel)).Should().Throw<ArgumentException>().WithMessage("*has the name 'parcel' already*");
        FluentActions.Invoking(() => _contracts.Add(new string('x', 129), ParcelContext.Default.Letter)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_message_may_be_described_by_reflection_too()
    {
        var options = new RedisTaskQueueOptions().AddMessage<Parcel>("parcel");

        var json = options.Messages.Find("parcel")!.Serialize(new Parcel("Chur", 2));

        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!["weight"].GetInt32().Should().Be(2);
    }

    private Dictionary<string, RedisValue> Fields(BackgroundTask task)
    {
        _contracts.TryFind(task.MessageType!, out var contract).Should().BeTrue();
        return TaskEntry.ToFields(contract!, contract!.Serialize(task.Message!), task).Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => pair[1]);
    }
}
