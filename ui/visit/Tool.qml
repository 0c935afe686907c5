pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Price largest; then the deposit, how to use it safely, what goes along.
Page {
    id: screen

    readonly property var tool: vm.loaded ? vm.facts : null

    wide: true

    Waiting {
        anchors.centerIn: parent
        visible: screen.tool === null
        text: Lang.tr("正在取来…")
    }

    Flickable {
        id: scroll

        width: parent.width
        height: parent.height - buttons.height - 28
        contentHeight: sheet.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        visible: screen.tool !== null

        Grid {
            id: sheet

            readonly property real half: Theme.portrait ? width : (width - 36) / 2

            width: scroll.width
            columns: Theme.portrait ? 1 : 2
            spacing: Theme.portrait ? 28 : 36

            Column {
                width: sheet.half
                spacing: 28

                Row {
                    width: parent.width
                    spacing: 32

                    Rectangle {
                        id: disc

                        width: Theme.portrait ? 200 : 136
                        height: width
                        radius: (screen.tool?.photo ?? "") === "" ? width / 2 : Theme.radius
                        color: (screen.tool?.photo ?? "") === "" ? Theme.sky : Theme.card

                        Icon {
                            anchors.centerIn: parent
                            visible: (screen.tool?.photo ?? "") === ""
                            name: screen.tool?.glyph ?? ""
                            size: Math.round(disc.width * 0.6)
                        }

                        Image {
                            objectName: "toolPhoto"
                            anchors.fill: parent
                            visible: (screen.tool?.photo ?? "") !== ""
                            fillMode: Image.PreserveAspectFit
                            source: screen.tool?.photo ?? ""
                            cache: false
                            Accessible.ignored: true
                        }
                    }

                    Column {
                        anchors.verticalCenter: parent.verticalCenter
                        width: parent.width - disc.width - 32
                        spacing: 14

                        Caption {
                            objectName: "toolName"
                            width: parent.width
                            text: screen.tool?.name ?? ""
                            font.pixelSize: Theme.hero
                            lineHeight: 1.1
                            bold: true
                        }

                        Tag {
                            height: 60
                            text: screen.tool?.free ?? ""
                            strong: screen.vm.free
                        }
                    }
                }

                Rectangle {
                    width: parent.width
                    height: money.height + 48
                    radius: Theme.radiusLarge
                    color: screen.tool?.simple ? Theme.okSoft : Theme.paySoft

                    Column {
                        id: money

                        x: 36
                        y: 24
                        width: parent.width - 72
                        spacing: 8

                        Caption {
                            width: parent.width
                            text: screen.tool?.price ?? ""
                            color: screen.tool?.simple ? Theme.ok : Theme.pay
                            font.pixelSize: 76
                            lineHeight: 1.1
                            bold: true
                        }

                        Caption {
                            width: parent.width
                            visible: !(screen.tool?.simple ?? true)
                            text: screen.tool?.tariff ?? ""
                        }
                    }
                }

                Card {
                    width: parent.width
                    height: deposit.height + 44

                    Fact {
                        id: deposit

                        x: 32
                        y: 22
                        width: parent.width - 64
                        glyph: "cash-banknote"
                        text: screen.tool?.deposit ?? ""
                        detail: Lang.tr("还的时候当场检查，没问题就退")
                        size: Theme.h2
                        bold: true
                    }
                }
            }

            Column {
                width: sheet.half
                spacing: 28

                Note {
                    width: parent.width
                    visible: screen.tool?.adults ?? false
                    tone: "warn"
                    text: Lang.tr("满 18 周岁才能租")
                }

                Card {
                    width: parent.width
                    height: safety.height + 56
                    visible: (screen.tool?.safety ?? []).length > 0

                    Column {
                        id: safety

                        x: 36
                        y: 24
                        width: parent.width - 72
                        spacing: 8

                        Fact {
                            width: parent.width
                            glyph: "shield-check"
                            text: Lang.tr("安全使用")
                            size: Theme.h2
                            bold: true
                        }

                        Repeater {
                            model: screen.tool?.safety ?? []

                            Caption {
                                required property string modelData

                                width: safety.width
                                text: "· " + modelData
                            }
                        }
                    }
                }

                Card {
                    width: parent.width
                    height: parts.height + 44
                    visible: (screen.tool?.accessories ?? []).length > 0

                    Fact {
                        id: parts

                        x: 32
                        y: 22
                        width: parent.width - 64
                        glyph: "packages"
                        text: (screen.tool?.accessories ?? []).join(Lang.code === "zh" ? "、" : ", ")
                        detail: Lang.tr("一起拿走的配件，还的时候要齐")
                    }
                }
            }
        }
    }

    Column {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 20

        Caption {
            width: parent.width
            visible: Theme.portrait || screen.vm.seeker !== ""
            horizontalAlignment: Text.AlignHCenter
            text: screen.vm.seeker !== "" ? Lang.tr("租的人：{name}", {
                "name": screen.vm.seeker
            }) : Lang.tr("申请不要钱，到窗口批准后才能拿")
            color: Theme.ink2
        }

        BigButton {
            objectName: "want"
            width: parent.width
            height: Theme.portrait ? 168 : Theme.primary
            kind: "primary"
            size: Theme.h1
            enabled: screen.tool !== null && screen.vm.free && !screen.vm.asking
            glyph: "tool"
            text: screen.vm.asking ? Lang.tr("正在办…") : screen.tool !== null && !screen.vm.free ? Lang.tr("已借完") : Lang.tr("我要租")
            onClicked: screen.vm.want()
        }
    }
}
