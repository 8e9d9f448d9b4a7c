using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Logging;
using Monitoring.Redis.Decorators;
using Monitoring.Redis.Tests.Generators;
using Monitoring.Telemetry;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>
/// The product as it is built, with the client's next major version loaded. Its interfaces are its own; its connections
/// cannot be opened, for it is fetched without its dependencies.
/// </summary>
public sealed class NextClientTests
{
    private static readonly NextClient Next = new();

    [Fact]
    public void The_next_client_is_loaded_and_has_members_that_the_compiled_decorators_lack() =>
        Next.Run(nameof(WithNextClient.Describe)).Should().Be("3.4.35, members are missing");

    [Theory]
    [InlineData(nameof(IConnectionMultiplexer))]
    [InlineData(nameof(IDatabase))]
    [InlineData(nameof(IServer))]
    [InlineData(nameof(ISubscriber))]
    [InlineData(nameof(IBatch))]
    [InlineData(nameof(ITransaction))]
    public void Every_member_of_the_next_client_is_forwarded(string type) => Next.Run(nameof(WithNextClient.Forward), type);

    [Fact]
    public void Every_command_of_the_next_client_is_recorded() => Next.Run(nameof(WithNextClient.Record));

    [Fact]
    public void One_log_line_says_that_the_dynamic_decorator_took_over() =>
        ((int[])Next.Run(nameof(WithNextClient.DecorateTwice))!).Should().Equal(EventIds.RedisDynamicDecorator);
}

/// <summary>What is run with the next client loaded. Its types are others than those of the same names around it.</summary>
internal static class WithNextClient
{
    public static string Describe()
    {
        var version = typeof(IDatabase).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version;
        return $"{version[..version.LastIndexOf('.')]}, members are {(CompiledMembers.FindMissing() is null ? "complete" : "missing")}";
    }

    public static void Forward(string type) =>
        new ForwardingTests().Every_member_forwards_its_arguments_and_returns_what_the_inner_one_returned(nameof(DecoratorChoice.Automatic), type);

    public static void Record() =>
        new ForwardingTests().Every_command_of_a_database_is_recorded_and_none_by_its_members_name(DecoratorChoice.Automatic);

    /// <summary>The ids of what is logged when two connections are decorated.</summary>
    public static int[] DecorateTwice()
    {
        var logger = new RecordingLogger();
        using var monitor = PerformanceMonitor.Create();
        for (var i = 0; i < 2; i++)
        {
            var options = new RedisConnectionOptions { Name = "next", UseDiagnostics = false };
            RedisDecoration.Decorate(Substitute.For<IConnectionMultiplexer>(), monitor, options, logger, DecoratorChoice.Automatic)
                .Should().BeAssignableTo<RedisProxy>();
        }

        return [.. logger.Ids];
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<int> Ids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Ids.Add(eventId.Id);
    }
}

/// <summary>The product and its tests loaded once more, over the next client.</summary>
internal sealed class NextClient() : AssemblyLoadContext("next client")
{
    // Whatever knows the client's types; the rest is shared with the tests around.
    private static readonly string[] Own =
        ["Monitoring.Core", "Monitoring.Redis", "Monitoring.Redis.Tests", "Monitoring.TestSupport", "NSubstitute", "Castle.Core"];

    // What the client's interfaces lead to in a dependency that is not fetched: enough to load them, not to run a connection.
    private const string DependencySource = """
        namespace RESPite { public readonly struct AsciiHash; }
        namespace RESPite.Messages { public enum RespPrefix : byte { None } }
        namespace RESPite.Buffers { public class RefCountedBuffer; }
        namespace RESPite.Streams { public class BufferedStreamWriter { public enum WriteMode { Default } } }
        """;

    public object? Run(string method, params object[] arguments) =>
        LoadFromAssemblyName(new AssemblyName("Monitoring.Redis.Tests"))
            .GetType(typeof(WithNextClient).FullName!)!
            .GetMethod(method)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name switch
    {
        "StackExchange.Redis" => LoadFromAssemblyPath(Compilations.NextRedis),
        { } name when Own.Contains(name) => LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")),
        "RESPite" => LoadDependency(),
        _ => null,
    };

    private Assembly LoadDependency()
    {
        using var image = new MemoryStream();
        var compilation = CSharpCompilation.Create(
            "RESPite",
            [CSharpSyntaxTree.ParseText(DependencySource)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        compilation.Emit(image).Success.Should().BeTrue();
        image.Position = 0;
        return LoadFromStream(image);
    }
}
