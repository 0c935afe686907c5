pragma ComponentBehavior: Bound
import QtQuick

// Back, quit, language, help: those of `names` that are wanted here, and no others are made.
Row {
    id: row

    required property var vm
    property var names: []
    property int each: 104
    readonly property var texts: ({
            "back": [Lang.tr("返回"), "arrow-left"],
            "leave": [Lang.tr("不办了"), "home"],
            "language": [Lang.code === "zh" ? "English" : "中文", "language"],
            "help": [Lang.tr("找人帮忙"), "headset"]
        })

    spacing: 20

    Repeater {
        model: row.names.filter(name => name === "help" || (name === "back" && row.vm.canBack) || (name === "leave" && row.vm.canLeave) || (name === "language" && row.vm.languageSwitch))

        BigButton {
            required property string modelData

            objectName: modelData
            height: row.each
            glyph: row.texts[modelData][1]
            text: row.texts[modelData][0]
            onClicked: {
                if (modelData === "back")
                    row.vm.back();
                else if (modelData === "leave")
                    row.vm.leaveNow();
                else if (modelData === "language")
                    row.vm.switchLanguage();
                else
                    row.vm.help();
            }
        }
    }
}
