using System.Text;
using Monitoring.SystemResources;

namespace Monitoring.Core.Tests.SystemResources;

public sealed class ProcTextTests
{
    public static TheoryData<string> Hostile =>
    [
        "", "\n", "\0\0\0", "cpu", "cpu  1 2 3", "cpu  1 2 3 4 5 6 7 -8", "cpu  99999999999999999999 0 0 0 0 0 0 0", "MemTotal:\nMemAvailable:", "MemTotal: 1 kB\nMemAvailable: 2 kB",
        "MemTotal: 9223372036854775807 kB\nMemAvailable: 1 kB", "nan inf -1", ")))) (((( ", "1 () S 1 2 3", "Max open files", "Max open files unlimited unlimited files", "Max open files -1 -1",
        ":::::\n: : :\n", "eth0: 1 2 3", "eth0: a b c d e f g h i j k l", " 8 0", " 8 0 sda", " 8 0 sda x x x x x x x x x x x", " 8 0 sda 1 1 9223372036854775807 1 1 1 1 1 1 1 1",
        "30 22", "30 22 0:29 / relative rw - ext4 /dev/sda rw", "30 22 0:29 / /mnt rw shared:1", "\\040\\999\\1 \\", new string('9', 70_000), new string(' ', 70_000),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nonsense_is_passed_over(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<DeviceTotals> devices = [];
        List<InterfaceTotals> interfaces = [];

        ProcText.Cpu(bytes).Should().BeNull();
        ProcText.Memory(bytes).Should().BeNull();
        ProcText.Load(bytes).Should().BeNull();
        ProcText.Threads(bytes).Should().BeNull();
        ProcText.DescriptorLimit(bytes).Should().BeNull();
        ProcText.Devices(bytes, new Names(), static _ => true, devices);
        ProcText.Interfaces(bytes, new Names(), interfaces);
        devices.Should().BeEmpty();
        interfaces.Should().BeEmpty();
        Mount.Parse(bytes).Should().BeEmpty();
    }

    [Fact]
    public void Names_are_made_once_and_do_not_pile_up()
    {
        var names = new Names();

        names.Get("eth0"u8).Should().BeSameAs(names.Get("eth0"u8));
        for (var i = 0; i < 1000; i++)
        {
            names.Get(Encoding.ASCII.GetBytes($"veth{i}")).Should().Be($"veth{i}");
        }

        names.Get("veth999"u8).Should().NotBeSameAs(names.Get("veth999"u8), "they are not kept");
    }

    [Fact]
    public void Mounts_may_have_any_characters_and_any_number_of_optional_fields()
    {
        var mounts = Mount.Parse("36 35 98:0 /mnt1 /mnt2\\040\\134x rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n36 35 98:1 / /x rw - xfs /dev/sdb rw"u8);

        mounts.Should().Equal(
            new Mount("98:0", "/mnt1", "/mnt2 \\x", "ext3", "/dev/root", "rw,errors=continue"),
            new Mount("98:1", "/", "/x", "xfs", "/dev/sdb", "rw"));
    }
}
