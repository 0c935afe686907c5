pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Which file; then what stands in it, line by line; then why.
Frame {
    id: screen

    title: Lang.tr("批量入库")
    lead: vm.state === "files" ? Lang.tr("点一个表格文件") : vm.fileName

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "files"

        Note {
            id: trouble

            objectName: "intakeTrouble"
            width: parent.width
            visible: text !== ""
            tone: "error"
            text: screen.vm.trouble === "" ? "" : screen.vm.fileName === "" ? screen.vm.trouble : screen.vm.fileName + "：" + screen.vm.trouble
        }

        ListView {
            id: files

            objectName: "fileList"
            y: trouble.visible ? trouble.height + 20 : 0
            width: parent.width
            height: parent.height - y - acts.height - 20
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.files

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "file" + index
                width: files.width
                glyph: modelData.glyph
                text: modelData.text
                detail: modelData.detail
                arrow: true
                onClicked: screen.vm.choose(index)
            }
        }

        Column {
            anchors.centerIn: files
            width: Math.min(parent.width, 1100)
            spacing: 24
            visible: screen.vm.known && files.count === 0

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: "file-spreadsheet"
                size: 160
            }

            Caption {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: Lang.tr("没有找到表格文件（.xlsx、.csv）")
                font.pixelSize: Theme.h2
                bold: true
            }

            Caption {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: Lang.tr("把文件放进 U 盘，插到这台电脑上，再点“再找一次”。还没有表格的，先写一个模板，在电脑上填好")
                color: Theme.ink2
            }
        }

        Row {
            id: acts

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 20

            BigButton {
                objectName: "writeTemplate"
                width: (parent.width - 20) / 2
                height: parent.height
                glyph: "download"
                text: Lang.tr("写一个空模板")
                onClicked: screen.vm.writeTemplate()
            }

            BigButton {
                objectName: "lookAgain"
                width: (parent.width - 20) / 2
                height: parent.height
                glyph: "refresh"
                text: Lang.tr("再找一次")
                onClicked: screen.vm.lookAgain()
            }
        }
    }

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width, 1000)
        spacing: 32
        visible: screen.vm.state === "reading" || screen.vm.state === "sending"

        Caption {
            objectName: "intakeProgress"
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: screen.vm.progress
            font.pixelSize: Theme.h1
            bold: true
        }

        Rectangle {
            width: parent.width
            height: 36
            radius: 18
            color: Theme.hairline
            visible: screen.vm.state === "sending"

            Rectangle {
                width: parent.width * screen.vm.done
                height: parent.height
                radius: 18
                color: Theme.brand
            }
        }
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "checked"

        Note {
            id: summary

            objectName: "intakeSummary"
            width: parent.width
            tone: screen.vm.good ? "ok" : "error"
            text: screen.vm.summary
        }

        Note {
            id: remark

            y: summary.height + 16
            width: parent.width
            visible: text !== ""
            text: screen.vm.remark
        }

        ListView {
            id: rows

            objectName: "intakeRows"
            y: remark.visible ? remark.y + remark.height + 16 : summary.height + 16
            width: parent.width
            height: parent.height - y - foot.height - 20
            clip: true
            spacing: 10
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.rows

            delegate: Card {
                id: row

                required property var modelData

                width: rows.width
                height: Math.max(92, words.implicitHeight + 24)
                radius: Theme.radius

                Caption {
                    id: at

                    x: 28
                    anchors.verticalCenter: parent.verticalCenter
                    width: row.modelData.line === "" ? 0 : 210
                    text: row.modelData.line
                    color: row.modelData.bad ? Theme.error : Theme.ink2
                    bold: row.modelData.bad
                }

                Column {
                    id: words

                    anchors {
                        left: at.right
                        right: side.left
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }

                    Caption {
                        width: parent.width
                        text: row.modelData.text
                        bold: !row.modelData.bad
                        lineHeight: 1.15
                    }

                    Caption {
                        width: parent.width
                        visible: text !== ""
                        text: row.modelData.detail
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                        lineHeight: 1.15
                    }
                }

                Caption {
                    id: side

                    anchors {
                        right: parent.right
                        rightMargin: 28
                        verticalCenter: parent.verticalCenter
                    }
                    text: row.modelData.side
                    bold: true
                    wrapMode: Text.NoWrap
                }
            }
        }

        Row {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 20

            BigButton {
                objectName: "otherFile"
                width: screen.vm.good ? (parent.width - 20) * 0.4 : parent.width
                height: parent.height
                glyph: "arrow-left"
                text: screen.vm.good ? Lang.tr("换一个文件") : Lang.tr("改好了，再选文件")
                onClicked: screen.vm.lookAgain()
            }

            BigButton {
                objectName: "sendIntake"
                width: (parent.width - 20) * 0.6
                visible: screen.vm.good
                kind: "primary"
                glyph: "send"
                text: Lang.tr("申请入库")
                onClicked: screen.vm.askWhy()
            }
        }
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "why"

        WhyPanel {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, 1300)
            height: parent.height - cancel.height - 20
            why: screen.vm.why
            question: Lang.tr("这批工具是怎么来的？")
        }

        BigButton {
            id: cancel

            objectName: "whyCancel"
            anchors.bottom: parent.bottom
            visible: !screen.vm.why.typing
            width: parent.width
            glyph: "arrow-left"
            text: Lang.tr("再看看表格")
            onClicked: screen.vm.goBack()
        }
    }
}
