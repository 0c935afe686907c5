pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    readonly property var tiles: [
        {
            "name": "home_work",
            "glyph": "hammer",
            "text": Lang.tr("找活干"),
            "detail": screen.vm.jobs >= 0 ? Lang.tr("现在有 {n} 个活", {
                "n": screen.vm.jobs
            }) : Lang.tr("看今天有哪些活"),
            "topic": "",
            "go": () => screen.vm.findWork()
        },
        {
            "name": "home_tools",
            "glyph": "tool",
            "text": Lang.tr("租工具"),
            "detail": Lang.tr("简单工具只收押金"),
            "topic": "",
            "go": () => screen.vm.rentTools()
        },
        {
            "name": "home_training",
            "glyph": "school",
            "text": Lang.tr("学技能"),
            "detail": Lang.tr("免费培训报名"),
            "topic": "training"
        },
        {
            "name": "home_records",
            "glyph": "clipboard-list",
            "text": Lang.tr("我的记录"),
            "detail": Lang.tr("租的工具、拿的单子"),
            "topic": "",
            "go": () => screen.vm.records()
        },
        {
            "name": "home_rights",
            "glyph": "scale",
            "text": Lang.tr("讨薪维权"),
            "detail": Lang.tr("欠薪、工伤找我们"),
            "topic": "rights"
        },
        {
            "name": "home_recruit",
            "glyph": "user-plus",
            "text": Lang.tr("我要招人"),
            "detail": Lang.tr("老板发布用工"),
            "topic": "recruit"
        }
    ]

    title: Lang.tr("您好，今天想办什么事？")
    lead: Lang.tr("点一下就行，不会的话点“找人帮忙”")
    wide: true

    Rectangle {
        visible: Theme.portrait
        y: 8
        width: parent.width
        height: Math.max(0, grid.y - 44)
        radius: Theme.radiusLarge
        color: Theme.sky

        Column {
            anchors.verticalCenter: parent.verticalCenter
            x: 48

            Row {
                spacing: 16
                visible: screen.vm.openings >= 0

                Repeater {
                    model: [Lang.tr("今天还要"), screen.vm.openings, Lang.tr("人")]

                    Text {
                        required property var modelData
                        required property int index

                        height: 110
                        verticalAlignment: Text.AlignVCenter
                        textFormat: Text.PlainText
                        text: modelData
                        color: index === 1 ? Theme.pay : Theme.ink
                        font.pixelSize: index === 1 ? 96 : Theme.h2
                        font.bold: index === 1
                    }
                }
            }

            Caption {
                visible: screen.vm.hours !== ""
                text: Lang.tr("开门时间 {hours}", {
                    "hours": screen.vm.hours
                })
                color: Theme.ink2
            }
        }

        Icon {
            anchors {
                right: parent.right
                rightMargin: 48
                verticalCenter: parent.verticalCenter
            }
            name: "building-community"
            size: Math.min(parent.height - 40, 200)
        }
    }

    Grid {
        id: grid

        readonly property int across: Theme.portrait ? 2 : 3
        readonly property real begin: Theme.portrait ? Math.max(0, screen.third - parent.y) : 0

        y: begin
        width: parent.width
        height: parent.height - begin
        columns: across
        spacing: 28

        Repeater {
            model: screen.tiles

            Tile {
                required property var modelData

                objectName: modelData.name
                width: (grid.width - (grid.across - 1) * 28) / grid.across
                height: (grid.height - (6 / grid.across - 1) * 28) / (6 / grid.across)
                glyph: modelData.glyph
                text: modelData.text
                detail: modelData.detail
                size: Theme.h1
                onClicked: modelData.topic === "" ? modelData.go() : screen.vm.explain(modelData.topic)
            }
        }
    }
}
