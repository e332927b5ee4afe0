
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Drafter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'drafter',
                'verbose_name_plural': 'drafters',
            },
        ),
        migrations.CreateModel(
            name='Framework',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]*$', 'Use lower-case letters, digits and hyphens, as in “tve”.')], verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('owner_body', models.CharField(max_length=120, verbose_name='owner body')),
                ('purpose', models.TextField(blank=True, verbose_name='purpose')),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name='terms')),
                ('terms_version', models.PositiveIntegerField(default=0, editable=False)),
                ('drafters', models.ManyToManyField(related_name='frameworks_drafted', through='consult.Drafter', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'framework',
                'verbose_name_plural': 'frameworks',
            },
        ),
        migrations.AddField(
            model_name='drafter',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='consult.framework'),
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('history', models.JSONField(blank=True, default=list, verbose_name='history')),
                ('warnings', models.JSONField(blank=True, default=list, verbose_name='warnings')),
                ('source_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the source text')),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='imported')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='consult.framework')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('last_position', models.PositiveIntegerField(verbose_name='last position')),
                ('depth', models.PositiveSmallIntegerField(verbose_name='depth')),
                ('ref', models.CharField(max_length=80, verbose_name='reference')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='number')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='consult.draft')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subsections', to='consult.section')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
            },
        ),
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('ref', models.CharField(max_length=100, verbose_name='reference')),
                ('kind', models.CharField(choices=[('paragraph', 'Paragraph'), ('item', 'Item'), ('row', 'Table row'), ('caption', 'Caption')], max_length=10, verbose_name='kind')),
                ('text', models.TextField(verbose_name='text')),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisions', to='consult.draft')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisions', to='consult.section')),
            ],
            options={
                'verbose_name': 'provision',
                'verbose_name_plural': 'provisions',
            },
        ),
        migrations.CreateModel(
            name='CoordinationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('key_point', models.CharField(max_length=300, verbose_name='key point')),
                ('body', models.CharField(max_length=120, verbose_name='responsible body')),
                ('item', models.TextField(verbose_name='item')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coordination_items', to='consult.draft')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coordination_items', to='consult.section')),
            ],
            options={
                'verbose_name': 'coordination item',
                'verbose_name_plural': 'coordination items',
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('announced_at', models.DateTimeField(verbose_name='announced from')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('opening_announced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('closing_announced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawal_announced_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('section', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='window', to='consult.section')),
            ],
            options={
                'verbose_name': 'window',
                'verbose_name_plural': 'windows',
            },
        ),
        migrations.CreateModel(
            name='WindowRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('announce', 'Announced'), ('open', 'Opened'), ('close', 'Closed'), ('withdraw', 'Withdrawn'), ('take_back', 'Taken back')], max_length=10, verbose_name='act')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('announced_at', models.DateTimeField(null=True)),
                ('opens_at', models.DateTimeField(null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='window_records', to='consult.section')),
            ],
            options={
                'verbose_name': 'window record',
                'verbose_name_plural': 'window records',
            },
        ),
        migrations.AddConstraint(
            model_name='drafter',
            constraint=models.UniqueConstraint(fields=('framework', 'user'), name='drafter_once', violation_error_message='This person drafts this framework already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('framework', 'number'), name='draft_number_unique', violation_error_message='This framework has a draft of this number already.'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('framework', 'source_sha256'), name='draft_source_unique', violation_error_message='This text has been imported already.'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('draft', 'ref'), name='section_ref_unique'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('draft', 'position'), name='section_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('last_position__gte', models.F('position'))), name='section_subtree_is_a_range'),
        ),
        migrations.AddConstraint(
            model_name='provision',
            constraint=models.UniqueConstraint(fields=('draft', 'ref'), name='provision_ref_unique'),
        ),
        migrations.AddConstraint(
            model_name='provision',
            constraint=models.UniqueConstraint(fields=('section', 'position'), name='provision_position_unique'),
        ),
        migrations.AddIndex(
            model_name='provision',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='provision_search'),
        ),
        migrations.AddConstraint(
            model_name='coordinationitem',
            constraint=models.UniqueConstraint(fields=('draft', 'position'), name='coordination_item_position'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('opens_at__isnull', True), ('opens_at__gte', models.F('announced_at')), _connector='OR'), name='window_opens_after_announcement', violation_error_message="A section can't open before it is announced."),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='window_closes_after_opening', violation_error_message='A section must close after it opens.'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('opens_at__isnull', False), _connector='OR'), name='window_closing_needs_opening', violation_error_message='A section that closes must have a time it opens.'),
        ),
        migrations.AddIndex(
            model_name='windowrecord',
            index=models.Index(fields=['section', '-recorded_at'], name='window_record_history'),
        ),
        migrations.CreateModel(
            name='Lineage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('kept', 'Unchanged'), ('edited', 'Edited'), ('split', 'Split'), ('merged', 'Merged'), ('moved', 'Moved'), ('deleted', 'Deleted'), ('new', 'New')], max_length=8, verbose_name='kind')),
                ('score', models.FloatField(verbose_name='likeness')),
                ('is_certain', models.BooleanField(verbose_name='certain')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('earlier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='descendants', to='consult.provision')),
                ('earlier_draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consult.draft')),
                ('later', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ancestors', to='consult.provision')),
                ('later_draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lineage', to='consult.draft')),
            ],
            options={
                'verbose_name': 'lineage',
                'verbose_name_plural': 'lineage',
                'indexes': [models.Index(fields=['later_draft', 'earlier_draft', 'number'], name='lineage_in_order')],
                'constraints': [models.UniqueConstraint(fields=('later_draft', 'earlier_draft', 'earlier', 'later'), name='lineage_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('earlier', None), ('kind', 'new'), ('later__isnull', False)), models.Q(('earlier__isnull', False), ('kind', 'deleted'), ('later', None)), models.Q(('earlier__isnull', False), ('kind__in', ['kept', 'edited', 'split', 'merged', 'moved']), ('later__isnull', False)), _connector='OR'), name='lineage_kind_fits_its_sides'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='lineage_decided_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='LineageRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('propose', 'Proposed'), ('confirm', 'Confirmed'), ('declare', 'Declared')], max_length=7, verbose_name='act')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('links', models.JSONField(verbose_name='links')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('earlier_draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consult.draft')),
                ('later_draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consult.draft')),
            ],
            options={
                'verbose_name': 'lineage record',
                'verbose_name_plural': 'lineage records',
                'indexes': [models.Index(fields=['later_draft', '-recorded_at'], name='lineage_history')],
            },
        ),
        migrations.CreateModel(
            name='WaitingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('stored_name', models.CharField(max_length=60, unique=True, verbose_name='stored name')),
                ('shown_name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(max_length=5, verbose_name='kind')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('handed_in_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='handed in')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_files', to='consult.framework')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting_files', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'waiting file',
                'verbose_name_plural': 'waiting files',
                'indexes': [models.Index(fields=['handed_in_at'], name='waiting_file_age')],
                'constraints': [models.UniqueConstraint(fields=('framework', 'owner', 'sha256'), name='waiting_file_once', violation_error_message='This file waits already.')],
            },
        ),
        migrations.CreateModel(
            name='WorkingText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=120, verbose_name='label')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('based_on', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consult.draft')),
                ('draft', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='written_as', to='consult.draft')),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='working_texts', to='consult.framework')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'working text',
                'verbose_name_plural': 'working texts',
            },
        ),
        migrations.CreateModel(
            name='WorkingPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('section', 'Section'), ('paragraph', 'Paragraph'), ('item', 'Item'), ('row', 'Table row'), ('caption', 'Caption')], max_length=10, verbose_name='kind')),
                ('depth', models.PositiveSmallIntegerField(default=0, verbose_name='depth')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='number')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('adopted_reference', models.CharField(blank=True, max_length=12)),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed')),
                ('is_removed', models.BooleanField(default=False, verbose_name='removed')),
                ('came_from', models.ManyToManyField(blank=True, related_name='+', to='consult.provision')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consult.workingpiece')),
                ('removed_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consult.workingpiece')),
                ('working_text', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='consult.workingtext')),
            ],
            options={
                'verbose_name': 'working piece',
                'verbose_name_plural': 'working pieces',
            },
        ),
        migrations.CreateModel(
            name='WorkingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('change', 'Changed'), ('split', 'Split'), ('merge', 'Merged'), ('move', 'Moved'), ('add', 'Added'), ('delete', 'Deleted'), ('restore', 'Restored'), ('adopt', 'Adopted')], max_length=7, verbose_name='act')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('before', models.JSONField(verbose_name='before')),
                ('after', models.JSONField(verbose_name='after')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='working_records', to=settings.AUTH_USER_MODEL)),
                ('piece', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='consult.workingpiece')),
            ],
            options={
                'verbose_name': 'working record',
                'verbose_name_plural': 'working records',
                'indexes': [models.Index(fields=['piece', '-id'], name='working_history')],
            },
        ),
        migrations.AddConstraint(
            model_name='workingtext',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('framework',), name='working_text_open_once', violation_error_message='The next draft of this framework is written already.'),
        ),
        migrations.AddConstraint(
            model_name='workingtext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('draft', None), ('finished_at', None), ('finished_by', None)), models.Q(('finished_at__isnull', False), ('finished_by__isnull', False)), _connector='OR'), name='working_text_finished_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='workingpiece',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('working_text', 'position'), name='working_piece_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='workingpiece',
            constraint=models.CheckConstraint(condition=models.Q(('is_removed', True), models.Q(('merged_into', None), ('removed_with', None)), _connector='OR'), name='working_piece_stands_by_itself'),
        ),
        migrations.AddConstraint(
            model_name='workingpiece',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'section'), ('text', '')), models.Q(models.Q(('kind', 'section'), _negated=True), ('number', ''), ('title', '')), _connector='OR'), name='working_piece_words_fit_its_kind'),
        ),
    ]
