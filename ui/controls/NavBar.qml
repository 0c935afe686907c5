import QtQuick

// Way back, way home and help: at the foot of a standing screen, within everybody's reach (design §6).
Item {
    id: bar

    property bool canBack: false
    property bool canHome: true
    property bool language: false

    signal back
    signal home
    signal help
    signal spoken

    implicitHeight: 152

    Rectangle {
        anchors.fill: parent
        color: Theme.sky
    }

    Row {
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gap

        BigButton {
            objectName: "back"
            visible: bar.canBack
            height: 104
            glyph: "arrow-left"
            text: Lang.tr("返回")
            onClicked: bar.back()
        }

        BigButton {
            objectName: "leave"
            visible: bar.canHome
            height: 104
            glyph: "home"
            text: Lang.tr("不办了")
            onClicked: bar.home()
        }

        BigButton {
            objectName: "language"
            visible: bar.language
            height: 104
            glyph: "language"
            text: Lang.code === "zh" ? "English" : "中文"
            onClicked: bar.spoken()
        }
    }

    BigButton {
        objectName: "help"
        anchors {
            right: parent.right
            rightMargin: Theme.margin
            verticalCenter: parent.verticalCenter
        }
        height: 104
        glyph: "headset"
        text: Lang.tr("找人帮忙")
        onClicked: bar.help()
    }
}
