
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comments", "0001_comments"),
        ('consult', '0001_document'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('cutoff', models.DateTimeField(verbose_name='cutoff')),
                ('requested_at', models.DateTimeField(verbose_name='requested')),
                ('progressed_at', models.DateTimeField(verbose_name='last progress')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='running', max_length=8, verbose_name='state')),
                ('result', models.JSONField(blank=True, null=True, verbose_name='result')),
                ('inputs_sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of the inputs')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('failure', models.CharField(blank=True, choices=[('counting', 'A section could not be counted, although it was tried again several times.'), ('merging', 'The sections were counted but could not be put together.')], max_length=8, verbose_name='why it failed')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='consult.draft')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
            },
        ),
        migrations.CreateModel(
            name='ReportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.JSONField(blank=True, null=True, verbose_name='result')),
                ('inputs_sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of the inputs')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='consult.report')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consult.section')),
            ],
            options={
                'verbose_name': 'report part',
                'verbose_name_plural': 'report parts',
            },
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['draft', '-requested_at'], name='report_newest'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('finished_at__isnull', False), ('result__isnull', False), models.Q(('inputs_sha256', ''), _negated=True)), _connector='OR'), name='report_done_has_result'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'failed'), ('failure', ''), _connector='XOR'), name='report_failed_says_why'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('draft',), name='report_one_at_a_time', violation_error_message='A report on this draft is being made already.'),
        ),
        migrations.AddConstraint(
            model_name='reportpart',
            constraint=models.UniqueConstraint(fields=('report', 'section'), name='report_part_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='reportpart',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('result__isnull', False), models.Q(('inputs_sha256', ''), _negated=True)), _connector='OR'), name='report_part_done_has_result'),
        ),
    ]
