using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public sealed class CompiledMembersTests
{
    [Fact]
    public void The_compiled_decorators_are_complete_for_the_client_that_they_were_built_on() =>
        CompiledMembers.FindMissing().Should().BeNull();

    [Fact]
    public void A_member_that_they_lack_is_noticed()
    {
        CompiledMembers.Contains("IDatabase.StringGet(RedisKey,CommandFlags)").Should().BeTrue();
        CompiledMembers.Contains("IDatabase.HashImport(RedisKey,HashImport,ReadOnlyMemory<RedisValue>,CommandFlags)").Should().BeFalse();
    }

    [Fact]
    public void The_table_knows_the_members_of_the_next_major_version_too() =>
        RedisCommands.Rules.Select(r => r.Member).Should().Contain(["HashImport", "StringBitField", "ClusterSlots", "ExecuteResp"]);

    [Fact]
    public void Every_command_keeps_its_own_index() => RedisCommands.Names.Should().OnlyHaveUniqueItems().And.Contain(["PIPELINE", "MULTI"]);

    [Fact]
    public void A_dynamic_decorator_is_a_multiplexer_like_any_other()
    {
        using var setting = new Setting(DecoratorChoice.Dynamic);
        setting.Monitored.Should().BeAssignableTo<IConnectionMultiplexer>().And.BeAssignableTo<RedisProxy>();
    }
}
