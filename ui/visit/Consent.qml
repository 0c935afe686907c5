import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("先说清楚，再开始")
    lead: Lang.tr("找活要登记您的信息。我们记什么、怎么用，都在这里。")

    info: Item {
        anchors.fill: parent

        Icon {
            visible: !Theme.portrait
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (parent.height - height) / 2)
            name: "shield-lock"
            size: 300
        }
    }

    Column {
        id: facts

        y: Theme.portrait ? -90 : 0
        width: parent.width
        spacing: Theme.portrait ? Math.min(72, (parent.height + 90 - buttons.height - 40 - what.height - why.height - hidden.height - later.height) / 4) : 10

        Fact {
            id: what

            width: parent.width
            glyph: "id"
            disc: Theme.portrait ? 104 : 92
            text: Lang.tr("只记四样")
            detail: Lang.tr("身份证上的信息、手机号、会干的工种、要不要照顾")
            size: Theme.h2
            bold: true
        }

        Fact {
            id: why

            width: parent.width
            glyph: "briefcase"
            disc: Theme.portrait ? 104 : 92
            text: Lang.tr("只用来给您找活")
            detail: Lang.tr("登记台账、推荐岗位、打印单子，不作别的用处")
            size: Theme.h2
            bold: true
        }

        Fact {
            id: hidden

            width: parent.width
            glyph: "eye-off"
            disc: Theme.portrait ? 104 : 92
            text: Lang.tr("屏幕上遮住，走后清空")
            detail: Lang.tr("名字和号码只显示一部分；存下来的都加了密")
            size: Theme.h2
            bold: true
        }

        Fact {
            id: later

            width: parent.width
            glyph: "edit"
            disc: Theme.portrait ? 104 : 92
            text: Lang.tr("随时能改，也能删")
            detail: Lang.tr("到服务窗口说一声就办")
            size: Theme.h2
            bold: true
        }
    }

    Column {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: Theme.gap

        BigButton {
            objectName: "agree"
            width: parent.width
            kind: "primary"
            text: Lang.tr("我同意，开始")
            onClicked: screen.vm.agree()
        }

        BigButton {
            objectName: "lookAround"
            width: parent.width
            glyph: "eye"
            text: Lang.tr("不登记，随便看看活")
            onClicked: screen.vm.lookAround()
        }
    }
}
