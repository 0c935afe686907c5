import QtQuick
import ui.controls

// The frame of every counter screen: band with the way back, the title, who is signed in and the lock; beneath it, over
// the screen, what just happened or what is wrong. `over` are panels that take the screen's place while it is `covered`.
Rectangle {
    id: frame

    required property var vm
    property string title: ""
    property string lead: ""
    property bool person: true // somebody is signed in
    property bool covered: false
    property alias over: above.data
    default property alias body: slot.data

    readonly property bool portrait: Theme.portrait
    readonly property int gutter: portrait ? Theme.margin : 56
    readonly property int headEnd: !portrait ? 136 : lead === "" ? 232 : 248

    color: Theme.bg

    Rectangle {
        width: parent.width
        height: 120
        color: Theme.sky
    }

    Row {
        id: left

        x: 32
        height: 120
        spacing: 20

        BigButton {
            objectName: "back"
            anchors.verticalCenter: parent.verticalCenter
            visible: frame.person && frame.vm.canBack
            height: 96
            glyph: "arrow-left"
            text: Lang.tr("返回")
            onClicked: frame.vm.back()
        }

        BigButton {
            objectName: "home"
            anchors.verticalCenter: parent.verticalCenter
            visible: frame.person && frame.vm.canBack
            height: 96
            glyph: "home"
            text: Lang.tr("主页")
            onClicked: frame.vm.home()
        }

        BigButton {
            id: leaving

            objectName: "leaveCounter"
            anchors.verticalCenter: parent.verticalCenter
            visible: !frame.person && frame.vm.guest
            height: 96
            glyph: "arrow-left"
            text: Lang.tr("返回自助机")
            onClicked: frame.vm.leaveCounter()
        }

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: !(frame.person && frame.vm.canBack) && !(frame.portrait && leaving.visible)
            name: "logo"
            size: 80
        }

        Caption {
            anchors.verticalCenter: parent.verticalCenter
            visible: !(frame.person && frame.vm.canBack) && !(frame.portrait && leaving.visible)
            width: Math.min(implicitWidth, right.x - x - left.x - 16)
            text: frame.vm.hallName
            font.pixelSize: Theme.h2
            bold: true
            elide: Text.ElideRight
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.least
            wrapMode: Text.NoWrap
        }
    }

    Row {
        id: right

        anchors {
            right: parent.right
            rightMargin: 32
        }
        height: 120
        spacing: 20

        Caption {
            anchors.verticalCenter: parent.verticalCenter
            visible: frame.person && (!frame.portrait || !frame.vm.canBack)
            width: Math.min(implicitWidth, 260)
            text: frame.vm.staffName
            bold: true
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
        }

        BigButton {
            objectName: "language"
            anchors.verticalCenter: parent.verticalCenter
            visible: !(frame.person && frame.vm.canBack)
            height: 96
            glyph: "language"
            text: Lang.code === "zh" ? "English" : "中文"
            onClicked: frame.vm.switchLanguage()
        }

        BigButton {
            objectName: "lock"
            anchors.verticalCenter: parent.verticalCenter
            visible: frame.person
            height: 96
            glyph: "lock"
            text: Lang.tr("换人")
            onClicked: frame.vm.lock()
        }
    }

    // the title: in the band when there is room between the two rows, else below it, the hint under it
    Caption {
        id: name

        x: frame.portrait ? frame.gutter : left.x + left.width + 36
        y: frame.portrait ? (under.visible ? 120 : 136) : 0
        width: (frame.portrait ? frame.width - 2 * frame.gutter : Math.min(implicitWidth, right.x - x - 20))
        height: frame.portrait ? 80 : 120
        visible: frame.title !== ""
        text: frame.title
        font.pixelSize: Theme.h1
        bold: true
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
    }

    Caption {
        x: name.x + name.width + 28
        width: right.x - x - 20
        height: 120
        visible: !frame.portrait && frame.lead !== "" && width > 160
        text: frame.lead
        color: Theme.ink2
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
    }

    Caption {
        id: under

        x: frame.gutter
        y: 190
        width: frame.width - 2 * frame.gutter
        height: 46
        visible: frame.portrait && frame.lead !== "" && frame.vm.message === ""
        text: frame.lead
        color: Theme.ink2
        font.pixelSize: Theme.least
        elide: Text.ElideRight
        wrapMode: Text.NoWrap
    }

    Item {
        id: slot

        x: frame.gutter
        y: frame.headEnd + 20
        width: frame.width - 2 * frame.gutter
        height: frame.height - y - 32
        visible: !frame.covered
    }

    Item {
        id: above

        x: slot.x
        y: slot.y
        width: slot.width
        height: slot.height
        visible: frame.covered
    }

    // over the title, where it hides nothing to touch; goes with a tap, and by itself when all went well
    Rectangle {
        objectName: "message"
        x: frame.portrait ? 32 : left.x + left.width + 20
        y: frame.portrait ? 126 : 8
        width: frame.portrait ? frame.width - 64 : right.x - 20 - x
        height: 104
        visible: frame.vm.message !== ""
        radius: Theme.radius
        color: frame.vm.tone === "error" ? Theme.errorSoft : frame.vm.tone === "info" ? Theme.card : Theme.okSoft
        border.width: 4
        border.color: frame.vm.tone === "error" ? Theme.error : frame.vm.tone === "info" ? Theme.brand : Theme.ok

        Icon {
            id: sign

            x: 24
            anchors.verticalCenter: parent.verticalCenter
            name: frame.vm.tone === "error" ? "alert-triangle" : frame.vm.tone === "info" ? "info-circle" : "circle-check"
            tint: parent.border.color
            size: 56
        }

        Caption {
            id: words

            anchors {
                left: sign.right
                leftMargin: 18
                right: dismiss.left
                rightMargin: 12
                verticalCenter: parent.verticalCenter
            }
            height: parent.height - 8
            text: frame.vm.message
            bold: true
            fontSizeMode: Text.Fit
            minimumPixelSize: 24
            lineHeight: 1
        }

        Key {
            id: dismiss

            objectName: "understood"
            anchors {
                right: parent.right
                rightMargin: 4
                verticalCenter: parent.verticalCenter
            }
            width: 96
            height: 96
            soft: true
            text: Lang.tr("知道了")
            glyph: "x"
            onClicked: frame.vm.understood()
        }
    }
}
